import type { Alignment } from './messages.ts';

/** A step of a run, as far as alignment goes. */
export interface AlignedStep {
  /** its actor and event */
  readonly label: string;
  /** what it did, as text: actions and changes */
  readonly effect: string;
}

/** Beyond so many pairs of steps, runs are aligned by position: the table of a common subsequence is too large. */
const maxPairs = 4_000_000;

/**
 * Aligns two runs: by a longest common subsequence of their choices, actor and event, so that a step is beside the one
 * with the same cause. A row whose two steps did something else, or that has one step, differs.
 */
export function alignRuns(left: readonly AlignedStep[], right: readonly AlignedStep[]): Alignment {
  const rows: { left?: number; right?: number; isEqual: boolean }[] = [];
  const common = commonPrefix(left, right);
  for (let n = 0; n < common; n++) {
    rows.push({ left: n + 1, right: n + 1, isEqual: left[n]?.effect === right[n]?.effect });
  }
  for (const [l, r] of pairsOf(left.slice(common), right.slice(common))) {
    const one = l === undefined ? undefined : common + l;
    const two = r === undefined ? undefined : common + r;
    const isEqual = one !== undefined && two !== undefined && left[one]?.effect === right[two]?.effect;
    rows.push({
      ...(one !== undefined && { left: one + 1 }),
      ...(two !== undefined && { right: two + 1 }),
      isEqual,
    });
  }
  const first = rows.findIndex(({ isEqual }) => !isEqual);
  return { rows, ...(first >= 0 && { firstDifference: first }) };
}

const isSame = (one: AlignedStep | undefined, two: AlignedStep | undefined): boolean => one?.label === two?.label;

function commonPrefix(left: readonly AlignedStep[], right: readonly AlignedStep[]): number {
  let n = 0;
  while (n < left.length && n < right.length && isSame(left[n], right[n])) n++;
  return n;
}

/** Returns the rows of an alignment: indices of both, or of one. */
function pairsOf(
  left: readonly AlignedStep[],
  right: readonly AlignedStep[],
): [number | undefined, number | undefined][] {
  const [m, n] = [left.length, right.length];
  if (m * n > maxPairs) {
    return Array.from({ length: Math.max(m, n) }, (_, k) => [k < m ? k : undefined, k < n ? k : undefined]);
  }
  const longest = Array.from({ length: m + 1 }, () => new Uint16Array(n + 1));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = m - 1; i >= 0; i--) {
    const row = longest[i] as Uint16Array;
    for (let j = n - 1; j >= 0; j--) {
      row[j] = isSame(left[i], right[j]) ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pairs: [number | undefined, number | undefined][] = [];
  let [i, j] = [0, 0];
  while (i < m || j < n) {
    if (i < m && j < n && isSame(left[i], right[j])) pairs.push([i++, j++]);
    else if (j >= n || (i < m && at(i + 1, j) >= at(i, j + 1))) pairs.push([i++, undefined]);
    else pairs.push([undefined, j++]);
  }
  return pairs;
}
