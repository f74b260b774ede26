import { summarize } from '../measure/statistics.ts';
import type { CellMetrics, GridCell, LogMethod } from '../results.ts';

const mebibyte = 2 ** 20;
/**
 * Largest guest with all cells. A round of a larger one takes seconds, as it begins with a clean log and mapped pages.
 */
const maxFullGridBytes = 2 ** 30;

/**
 * Creates the cells of a grid: short rounds, and with one vCPU also long ones, which leave much of the memory dirty.
 * Guests larger than 1 GiB have few cells.
 */
export function createGrid(options: {
  readonly memoryBytes: readonly number[];
  readonly vcpus: readonly number[];
  readonly rounds: number;
  readonly longMs: number;
}): GridCell[] {
  const { memoryBytes, vcpus, rounds, longMs } = options;
  const cells: GridCell[] = [];
  for (const bytes of memoryBytes) {
    for (const count of vcpus) {
      for (const method of methodsOf(bytes)) {
        const cell = { memoryBytes: bytes, vcpus: count, method };
        for (const [pattern, intervalMs] of bytes > maxFullGridBytes ? shortRoundsOfLarge : shortRounds) {
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

function methodsOf(memoryBytes: number): LogMethod[] {
  const pages = memoryBytes / 4096;
  const chunks = [64, 512, 4096, pages].filter((chunk, n, all) => chunk <= pages && all.indexOf(chunk) === n);
  return [{ kind: 'get' }, ...chunks.map((chunkPages) => ({ kind: 'clear' as const, chunkPages }))];
}

/** Formats a cell: `1024 MiB, 1 vCPU, 100 ms, uniform, CLEAR 512`. */
export function cellName({ memoryBytes, vcpus, intervalMs, pattern, method }: GridCell): string {
  const log = method.kind === 'get' ? 'GET' : `CLEAR ${method.chunkPages}`;
  return `${memoryBytes / mebibyte} MiB, ${vcpus} vCPU${vcpus === 1 ? '' : 's'}, ${intervalMs} ms, ${pattern}, ${log}`;
}

/** Returns the median of each metric over several rounds. */
export function medianMetrics(rounds: readonly CellMetrics[]): CellMetrics {
  const median = (of: (round: CellMetrics) => number): number => summarize(rounds.map(of)).median;
  return {
    getNs: median(({ getNs }) => getNs),
    clearNs: median(({ clearNs }) => clearNs),
    worstWriteNs: median(({ worstWriteNs }) => worstWriteNs),
    writesPerSecond: median(({ writesPerSecond }) => writesPerSecond),
    dirtyPages: median(({ dirtyPages }) => dirtyPages),
  };
}
