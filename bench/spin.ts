import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CommandContext, runCommand } from './command.ts';
import type { SpinEngine } from './engines.ts';
import { fastest, type SearchRun } from './measurement.ts';
import { readPanReport } from './pan-report.ts';
import type { Scenario } from './scenarios.ts';

const model = fileURLToPath(new URL('./peers/rmap-xchg.pml', import.meta.url));
const limits = { spin: 60, gcc: 300, pan: 1200 };

/** Memory limit of pan in megabytes. */
const memoryLimit = '-DMEMLIM=4096';

/**
 * Measures SPIN in one scenario, on the Promela model of the design.
 * @throws Refuted if pan finds a violation; Error if the search is not complete
 */
export async function measureSpin(at: CommandContext, engine: SpinEngine, scenario: Scenario): Promise<SearchRun> {
  const folder = join(at.folder, `${scenario.name} ${engine.name}`);
  await mkdir(folder);
  const there = { ...at, folder };
  const buildSeconds = await build(there, engine, scenario);
  return fastest(scenario.runs, async () => {
    const { stdout, seconds, cpuSeconds } = await runCommand(there, limits.pan, './pan', engine.pan);
    const { seconds: searchSeconds, stateBytes, ...counts } = readPanReport(stdout);
    return {
      ...counts,
      searchSeconds,
      totalSeconds: buildSeconds + seconds,
      cpuSeconds,
      bytesPerState: stateBytes / counts.states,
    };
  });
}

async function build(at: CommandContext, { gcc }: SpinEngine, { vcpus, pages, emulating }: Scenario): Promise<number> {
  const constants = [`-DVCPUS=${vcpus}`, `-DPAGES=${pages}`, `-DEMULATING=${emulating}`];
  const generated = await runCommand(at, limits.spin, 'spin', ['-a', ...constants, model]);
  const compiled = await runCommand(at, limits.gcc, 'gcc', [...gcc, memoryLimit, '-o', 'pan', 'pan.c']);
  return generated.seconds + compiled.seconds;
}
