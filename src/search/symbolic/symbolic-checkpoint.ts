import type { ArrayVisitor } from '../storage/growable-buffer.ts';
import { type PackedDiagrams, pack, unpack } from './packed-diagrams.ts';
import type { StateSets } from './state-sets.ts';

/**
 * The counters of a symbolic search. The sets are saved as packed diagrams. Relations and values of properties are not:
 * they are learned again, from the sets.
 */
export interface SymbolicCheckpoint {
  /** bits of the state that have a variable */
  readonly bits: readonly number[];
  readonly rounds: number;
  /** a property that some visited state is known to violate */
  readonly known: string | null;
  /** number of nodes */
  readonly nodes: number;
  /** the visited states, the checked ones, and the levels, as packed diagrams */
  readonly roots: readonly [states: number, checked: number, ...levels: number[]];
}

/** Returns the checkpoint of a search, and the arrays that belong to it. */
export function checkpointOf(
  { diagrams, symbolic, states, checked, levels }: StateSets,
  { rounds, known }: { readonly rounds: number; readonly known: string | undefined },
): { readonly snapshot: SymbolicCheckpoint; readonly each: (visit: ArrayVisitor) => void } {
  const { roots, ...packed } = pack(diagrams, [states, checked, ...levels]);
  const snapshot = {
    bits: symbolic.bits,
    rounds,
    known: known ?? null,
    nodes: packed.level.length,
    roots: roots as [number, number, ...number[]],
  };
  return { snapshot, each: arraysOf(packed) };
}

/** Gives a new search the sets of a checkpoint. */
export function restoreSets(
  sets: StateSets,
  { nodes, roots }: SymbolicCheckpoint,
  restore: (each: (visit: ArrayVisitor) => void) => void,
): void {
  const packed = { level: new Uint16Array(nodes), low: new Int32Array(nodes), high: new Int32Array(nodes) };
  restore(arraysOf(packed));
  const [states, checked, ...levels] = unpack(sets.diagrams, { ...packed, roots }) as [number, number, ...number[]];
  sets.resume({ states, checked, levels });
}

const arraysOf =
  ({ level, low, high }: Omit<PackedDiagrams, 'roots'>) =>
  (visit: ArrayVisitor): void => {
    for (const array of [level, low, high]) visit(array);
  };
