import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ran, run, type Workplace } from './command.ts';
import type { TlcEngine } from './engines.ts';
import { fastest, type Run } from './measurement.ts';
import type { Size } from './sizes.ts';
import { configOf, tlaModel } from './tla-model.ts';
import { readTlcReport } from './tlc-report.ts';

const limitSeconds = 1200;

/** The collector that TLC asks for, and as much memory as the others may have: fingerprints may be on the heap or beside it. */
const virtualMachine = ['-XX:+UseParallelGC', '-Xmx2g', '-XX:MaxDirectMemorySize=1g'];

/**
 * Measures TLC at one size, on the TLA+ model of the same design.
 * @param jar path of `tla2tools.jar`
 * @throws Error when it finds an error in the model, or gives up
 */
export async function measureTlc(
  at: Workplace,
  { name, workers, symmetry }: TlcEngine,
  size: Size,
  jar: string,
): Promise<Run> {
  const folder = join(at.folder, `${size.name} ${name}`);
  await mkdir(folder);
  await writeFile(join(folder, 'RmapXchg.tla'), tlaModel);
  await writeFile(join(folder, 'RmapXchg.cfg'), `${configOf(size)}${symmetry ? 'SYMMETRY Symmetry\n' : ''}`);
  const options = ['-tool', '-workers', `${workers}`, 'RmapXchg.tla'];
  return fastest(size.runs, async () => {
    const args = [...virtualMachine, '-cp', jar, 'tlc2.TLC', ...options];
    const { stdout, seconds } = await runTlc({ ...at, folder }, args);
    const { seconds: searchSeconds, ...report } = readTlcReport(stdout);
    return { ...report, searchSeconds, totalSeconds: seconds };
  });
}

/** Runs it; where it fails, what it wrote says more than its exit code. */
async function runTlc(at: Workplace, args: readonly string[]): Promise<Ran> {
  try {
    return await run(at, limitSeconds, 'java', args);
  } catch (error) {
    const { stdout } = error as { stdout?: string };
    if (stdout && (error as Error).name !== 'AbortError') readTlcReport(stdout);
    throw error;
  }
}
