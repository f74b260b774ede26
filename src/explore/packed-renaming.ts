import { DecisionTrees } from '../compile/decision-trees.ts';
import type { Program } from '../compile/program.ts';
import type { Twin } from '../compile/twin.ts';
import type { SymmetrySpec } from '../model/symmetry.ts';
import { numberCellsOf, type Renaming, renumber } from './renaming.ts';

/**
 * What a renaming does to packed states, in a few operations on words: bits that move together move at once, and what becomes of numbers of
 * actors is remembered. It is found by renaming states of one bit each, so it does what the renaming does.
 */
export class PackedRenaming {
  /** by group of bits: the word that they are in, the mask of them, how far they turn to the left, the word that they go to */
  private readonly moves: Int32Array;
  private readonly words: number;
  private readonly trees = new DecisionTrees();
  private readonly root = this.trees.plant();
  private readonly renumberings: Int32Array[] = [];
  private readonly renumberAll: () => void;

  /** @param program whose state is used to find out, and is left as it was */
  constructor(
    { state }: Program,
    private readonly twin: Twin,
    spec: SymmetrySpec,
    renaming: Renaming,
  ) {
    this.words = state.length;
    const cells = numberCellsOf(twin.program, spec);
    this.renumberAll = () => {
      for (const { cell, isUsed } of cells) if (isUsed()) renumber(cell, renaming.actors);
    };
    const here = Int32Array.from(state);
    const masks = new Map<string, number>();
    for (const { at, shift, width } of twin.layout.fields) {
      for (let bit = shift; bit < shift + width; bit++) {
        state.fill(0);
        state[at] = 1 << bit;
        renaming.moveCells();
        const to = state.findIndex((word) => word !== 0);
        const turn = (31 - Math.clz32(state[to] as number) - bit) & 31;
        const group = `${at} ${turn} ${to}`;
        masks.set(group, (masks.get(group) ?? 0) | (1 << bit));
      }
    }
    state.set(here);
    this.moves = Int32Array.from(
      [...masks].flatMap(([group, mask]) => {
        const [at = 0, turn = 0, to = 0] = group.split(' ').map(Number);
        return [at, mask, turn, to];
      }),
    );
  }

  /** Renames a state into another array. */
  rename(from: Int32Array, into: Int32Array): void {
    const { moves, words, trees, renumberings } = this;
    for (let n = 0; n < words; n++) into[n] = 0;
    for (let n = 0; n < moves.length; n += 4) {
      const bits = (from[moves[n] as number] as number) & (moves[n + 1] as number);
      const turn = moves[n + 2] as number;
      const to = moves[n + 3] as number;
      into[to] = (into[to] as number) | (bits << turn) | (turn === 0 ? 0 : bits >>> (32 - turn));
    }
    const leaf = trees.find(this.root, into);
    const writes = leaf >= 0 ? (renumberings[leaf] as Int32Array) : this.learn(into);
    for (let n = 0; n < writes.length; n += 3) {
      const word = writes[n] as number;
      into[word] = ((into[word] as number) & (writes[n + 1] as number)) | (writes[n + 2] as number);
    }
  }

  private learn(state: Int32Array): Int32Array {
    const { twin, trees, renumberings } = this;
    twin.watch(state, this.renumberAll);
    const writes = twin.writes();
    trees.learn(this.root, twin.read, state, renumberings.push(writes) - 1);
    return writes;
  }
}
