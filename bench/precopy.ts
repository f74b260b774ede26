import { fileURLToPath } from 'node:url';
import { run, type Workplace } from './command.ts';
import { fastest, type Measurement, type Run } from './measurement.ts';
import type { ChildReport } from './precopy-child.ts';
import { nameOf, type Size } from './sizes.ts';

const limitSeconds = 600;
const child = fileURLToPath(new URL('./precopy-child.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

/**
 * Measures precopy at one size.
 * @throws Error when the design does not hold
 */
export async function measurePrecopy(at: Workplace, size: Size): Promise<Measurement> {
  return { size, engine: 'precopy', ...(await fastest(() => searchOnce(at, size))) };
}

async function searchOnce(at: Workplace, size: Size): Promise<Run> {
  const sizes = [size.vcpus, size.pages, ...(size.maxStates === undefined ? [] : [size.maxStates])];
  const { stdout, seconds } = await run(at, limitSeconds, process.execPath, [
    '--import',
    loader,
    child,
    ...sizes.map(String),
  ]);
  const { exploration, seconds: searchSeconds } = JSON.parse(stdout) as ChildReport;
  const { verdict, stoppedBy, states, transitions, tableBytes } = exploration;
  if (verdict !== 'holds' && stoppedBy !== 'max-states') {
    throw new Error(`precopy at ${nameOf(size)}: the verdict is '${verdict}', and the design is one that holds`);
  }
  return { states, transitions, searchSeconds, totalSeconds: seconds, bytesPerState: tableBytes / states };
}
