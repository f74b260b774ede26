import { measured } from '../measure/statistics.ts';

/** How the log is taken: GET_DIRTY_LOG alone, or GET_DIRTY_LOG and CLEAR_DIRTY_LOG in chunks of so many pages. */
type Taking = { readonly kind: 'get' } | { readonly kind: 'clear'; readonly chunkPages: number };

/** What the vCPUs write: random pages, nine tenths of the writes to a tenth of them, or one page after the other. */
type GridPattern = 'uniform' | 'hot' | 'sweep';

/** One point of the grid. */
export interface Cell {
  readonly memoryBytes: number;
  readonly vcpus: number;
  /** from the start of a round to the call of GET_DIRTY_LOG, with the vCPUs in the guest */
  readonly intervalMs: number;
  readonly pattern: GridPattern;
  readonly taking: Taking;
  readonly rounds: number;
}

const mebibyte = 2 ** 20;
/** A round of a larger guest takes seconds: the log has to be taken, and every page written, before it begins. */
const largestOfAll = 2 ** 30;

/** The cells of a grid: short rounds, and with one vCPU long ones, after which much of the memory is dirty. Beyond 1 GiB they are few. */
export function gridOf(options: {
  readonly memoryBytes: readonly number[];
  readonly vcpus: readonly number[];
  readonly rounds: number;
  readonly longMs: number;
}): Cell[] {
  const { memoryBytes, vcpus, rounds, longMs } = options;
  const cells: Cell[] = [];
  for (const bytes of memoryBytes) {
    for (const count of vcpus) {
      for (const taking of takingsOf(bytes)) {
        const cell = { memoryBytes: bytes, vcpus: count, taking };
        for (const [pattern, intervalMs] of bytes > largestOfAll ? shortRoundsOfLarge : shortRounds) {
          cells.push({ ...cell, pattern, intervalMs, rounds });
        }
        if (longMs > 0 && count === 1)
          cells.push({ ...cell, pattern: 'uniform', intervalMs: longMs, rounds: Math.min(3, rounds) });
      }
    }
  }
  return cells;
}

const shortRounds = [
  ['uniform', 20],
  ['uniform', 100],
  ['sweep', 20],
  ['sweep', 100],
  ['hot', 100],
] as const;
const shortRoundsOfLarge = [['uniform', 100]] as const;

function takingsOf(memoryBytes: number): Taking[] {
  const pages = memoryBytes / 4096;
  const chunks = [64, 512, 4096, pages].filter((chunk, n, all) => chunk <= pages && all.indexOf(chunk) === n);
  return [{ kind: 'get' }, ...chunks.map((chunkPages) => ({ kind: 'clear' as const, chunkPages }))];
}

/** `1024 MiB, 1 vCPU, 100 ms, uniform, CLEAR 512` */
export function nameOf({ memoryBytes, vcpus, intervalMs, pattern, taking }: Cell): string {
  const how = taking.kind === 'get' ? 'GET' : `CLEAR ${taking.chunkPages}`;
  return `${memoryBytes / mebibyte} MiB, ${vcpus} vCPU${vcpus > 1 ? 's' : ''}, ${intervalMs} ms, ${pattern}, ${how}`;
}

/** What is looked at, of the real kernel and of the clock: medians over the rounds of a cell. */
export interface Outcome {
  readonly getNs: number;
  /** all calls of a round together; 0 without CLEAR */
  readonly clearNs: number;
  readonly worstWriteNs: number;
  /** of all vCPUs together */
  readonly writesPerSecond: number;
  readonly dirtyPages: number;
}

/** The medians of several rounds. */
export function medianOutcome(rounds: readonly Outcome[]): Outcome {
  const median = (of: (round: Outcome) => number): number => measured(rounds.map(of)).median;
  return {
    getNs: median(({ getNs }) => getNs),
    clearNs: median(({ clearNs }) => clearNs),
    worstWriteNs: median(({ worstWriteNs }) => worstWriteNs),
    writesPerSecond: median(({ writesPerSecond }) => writesPerSecond),
    dirtyPages: median(({ dirtyPages }) => dirtyPages),
  };
}
