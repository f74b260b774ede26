import { bitsOf } from '../../cache/access-sets.ts';
import type { BitField } from '../../model/state-layout.ts';

/** Copies fields of one packed array to fields of another. Adjacent fields that move alike are copied together. */
export class BitMoves {
  /** four numbers each: word of the source, word of the target, distance to the left, mask in the source */
  private readonly moves: Int32Array;

  /** @param pairs source and target of each field, of equal width */
  constructor(pairs: readonly (readonly [source: BitField, target: BitField])[]) {
    const masks = new Map<string, number>();
    for (const [source, target] of pairs) {
      if (source.width === 0) continue;
      const key = `${source.at} ${target.at} ${target.shift - source.shift}`;
      masks.set(key, (masks.get(key) ?? 0) | bitsOf(source));
    }
    this.moves = Int32Array.from([...masks].flatMap(([key, mask]) => [...key.split(' ').map(Number), mask]));
  }

  /** Adds the source's bits to the target, which has to be clear in these places. */
  apply(source: Int32Array, target: Int32Array): void {
    const { moves } = this;
    for (let n = 0; n < moves.length; n += 4) {
      const moved = source[moves[n]] & moves[n + 3];
      const distance = moves[n + 2];
      const at = moves[n + 1];
      target[at] = target[at] | (distance < 0 ? moved >>> -distance : moved << distance);
    }
  }
}
