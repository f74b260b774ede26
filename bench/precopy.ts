import { fileURLToPath } from 'node:url';
import { run, type Workplace } from './command.ts';
import type { PrecopyEngine } from './engines.ts';
import { fastest, type Run } from './measurement.ts';
import type { Size } from './sizes.ts';

const limitSeconds = 1200;
const program = fileURLToPath(new URL('../bin/precopy.js', import.meta.url));

/** What the benchmark reads of the document that `precopy check --json` prints. */
interface Entry {
  readonly verdict: string;
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly tableBytes: number;
}

/**
 * Measures precopy at one size, as a user calls it: each run is a process of its own, so V8 starts cold.
 * @throws Error when the design does not hold
 */
export function measurePrecopy(at: Workplace, { workers, reductions }: PrecopyEngine, size: Size): Promise<Run> {
  const { vcpus, pages, emulating, runs } = size;
  const sizes = ['--vcpus', `${vcpus}`, '--pages', `${pages}`, '--param', 'loggingOn=1'];
  const rest = ['--param', `emulatingVcpus=${emulating}`, '--workers', `${workers}`, '--reductions', reductions];
  const limits = ['--no-liveness', '--max-memory', '3GiB', '--json', '--quiet'];
  return fastest(runs, async () => {
    const args = [program, 'check', 'rmap-xchg', ...sizes, ...rest, ...limits];
    const { stdout, seconds } = await run(at, limitSeconds, process.execPath, args);
    const [entry] = (JSON.parse(stdout) as { designs: [Entry] }).designs;
    if (entry.verdict !== 'holds')
      throw new Error(`the verdict is '${entry.verdict}', and the design is one that holds`);
    const { states, transitions, tableBytes } = entry;
    return {
      states,
      transitions,
      searchSeconds: entry.seconds,
      totalSeconds: seconds,
      bytesPerState: tableBytes / states,
    };
  });
}
