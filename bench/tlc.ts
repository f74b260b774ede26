import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import type { TlcEngine } from './engines.ts';
import { fastest, type SearchRun } from './measurement.ts';
import type { Scenario } from './scenarios.ts';
import { tlaModel, tlcConfig } from './tla-model.ts';
import { readTlcReport } from './tlc-report.ts';

const limitSeconds = 1200;

/**
 * The garbage collector that TLC recommends, and the memory limit of the other engines: fingerprints are on or off the
 * heap.
 */
const virtualMachine = ['-XX:+UseParallelGC', '-Xmx2g', '-XX:MaxDirectMemorySize=1g'];

/**
 * Measures TLC in one scenario, on the TLA+ model of the design.
 * @param jar path of `tla2tools.jar`
 * @throws Refuted if TLC finds a violation; Error if the search is not complete
 */
export async function measureTlc(
  at: CommandContext,
  { name, workers, symmetry }: TlcEngine,
  scenario: Scenario,
  jar: string,
): Promise<SearchRun> {
  const folder = join(at.folder, `${scenario.name} ${name}`);
  await mkdir(folder);
  await writeFile(join(folder, 'RmapXchg.tla'), tlaModel);
  await writeFile(join(folder, 'RmapXchg.cfg'), `${tlcConfig(scenario)}${symmetry ? 'SYMMETRY Symmetry\n' : ''}`);
  const options = ['-tool', '-workers', `${workers}`, 'RmapXchg.tla'];
  return fastest(scenario.runs, async () => {
    const args = [...virtualMachine, '-cp', jar, 'tlc2.TLC', ...options];
    const { stdout, seconds, cpuSeconds } = await runTlc({ ...at, folder }, args);
    const { seconds: searchSeconds, ...report } = readTlcReport(stdout);
    return { ...report, searchSeconds, totalSeconds: seconds, cpuSeconds };
  });
}

/** Runs TLC. The output of a run that failed says more than its exit code. */
async function runTlc(at: CommandContext, args: readonly string[]): Promise<CommandOutput> {
  try {
    return await runCommand(at, limitSeconds, 'java', args);
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout && (error as Error).name !== 'AbortError') readTlcReport(stdout);
    throw error;
  }
}
