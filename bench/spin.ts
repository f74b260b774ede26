import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, versionOf, type Workplace } from './command.ts';
import { type Engine, fastest, type Measurement } from './measurement.ts';
import { readPanReport } from './pan-report.ts';
import { nameOf, type Size } from './sizes.ts';

const model = fileURLToPath(new URL('./peers/rmap-xchg.pml', import.meta.url));
const limits = { spin: 60, gcc: 300, pan: 600 };

/** The depth-first stack has to be deep enough; the hash table is as big as pan makes it unasked. */
const panOptions = ['-m1000000'];

/** What pan.c is compiled with. Only safety is checked, which SPIN is told by -DSAFETY. */
const gccOptions = {
  SPIN: ['-O2', '-DSAFETY'],
  'SPIN -DNOREDUCE': ['-O2', '-DSAFETY', '-DNOREDUCE', '-DNOFAIR'],
} as const satisfies Partial<Record<Engine, readonly string[]>>;

type SpinEngine = keyof typeof gccOptions;
export const spinEngines = Object.keys(gccOptions) as readonly SpinEngine[];

/** Versions of what it takes to run SPIN, undefined for what is not installed. */
export async function spinTools(at: Workplace): Promise<{ spin: string | undefined; gcc: string | undefined }> {
  return { spin: await versionOf(at, 'spin', '-V'), gcc: await versionOf(at, 'gcc', '--version') };
}

/**
 * Measures SPIN at one size, on the Promela model of the same design.
 * @throws Error when it finds an error in the model, or gives up
 */
export async function measureSpin(at: Workplace, engine: SpinEngine, size: Size): Promise<Measurement> {
  const folder = join(at.folder, `${nameOf(size)} ${engine}`);
  await mkdir(folder);
  const there = { ...at, folder };
  const buildSeconds = await build(there, engine, size);
  const best = await fastest(async () => {
    const { stdout, seconds } = await run(there, limits.pan, './pan', panOptions);
    const { seconds: searchSeconds, stateBytes, ...counts } = readPanReport(stdout);
    return {
      ...counts,
      searchSeconds,
      totalSeconds: buildSeconds + seconds,
      bytesPerState: stateBytes / counts.states,
    };
  });
  return { size, engine, ...best };
}

async function build(at: Workplace, engine: SpinEngine, { vcpus, pages }: Size): Promise<number> {
  const generated = await run(at, limits.spin, 'spin', ['-a', `-DVCPUS=${vcpus}`, `-DPAGES=${pages}`, model]);
  const compiled = await run(at, limits.gcc, 'gcc', [...gccOptions[engine], '-o', 'pan', 'pan.c']);
  return generated.seconds + compiled.seconds;
}
