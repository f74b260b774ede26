import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, type Workplace } from './command.ts';
import type { SpinEngine } from './engines.ts';
import { fastest, type Run } from './measurement.ts';
import { readPanReport } from './pan-report.ts';
import type { Size } from './sizes.ts';

const model = fileURLToPath(new URL('./peers/rmap-xchg.pml', import.meta.url));
const limits = { spin: 60, gcc: 300, pan: 1200 };

/** pan gives up where it would take more, in megabytes. */
const memoryLimit = '-DMEMLIM=4096';

/**
 * Measures SPIN at one size, on the Promela model of the same design.
 * @throws Error when it finds an error in the model, or gives up
 */
export async function measureSpin(at: Workplace, engine: SpinEngine, size: Size): Promise<Run> {
  const folder = join(at.folder, `${size.name} ${engine.name}`);
  await mkdir(folder);
  const there = { ...at, folder };
  const buildSeconds = await build(there, engine, size);
  return fastest(size.runs, async () => {
    const { stdout, seconds } = await run(there, limits.pan, './pan', engine.pan);
    const { seconds: searchSeconds, stateBytes, ...counts } = readPanReport(stdout);
    return {
      ...counts,
      searchSeconds,
      totalSeconds: buildSeconds + seconds,
      bytesPerState: stateBytes / counts.states,
    };
  });
}

async function build(at: Workplace, { gcc }: SpinEngine, { vcpus, pages, emulating }: Size): Promise<number> {
  const sizes = [`-DVCPUS=${vcpus}`, `-DPAGES=${pages}`, `-DEMULATING=${emulating}`];
  const generated = await run(at, limits.spin, 'spin', ['-a', ...sizes, model]);
  const compiled = await run(at, limits.gcc, 'gcc', [...gcc, memoryLimit, '-o', 'pan', 'pan.c']);
  return generated.seconds + compiled.seconds;
}
