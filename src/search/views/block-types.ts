import type { ViewGroup, ViewSet } from './view-set.ts';

/** What steps and properties were seen to read of blocks that are not in view. It grows. */
export class WatchedBits {
  readonly bits: Int32Array;
  /** changes with the bits */
  version = 0;

  /** @param always bits that are watched from the start */
  constructor(always: Int32Array) {
    this.bits = Int32Array.from(always);
  }

  /** Adds bits. Returns whether one is new. */
  add(more: Int32Array): boolean {
    const { bits } = this;
    let isMore = false;
    for (let n = 0; n < bits.length; n++) {
      if ((more[n] & ~bits[n]) === 0) continue;
      bits[n] = bits[n] | more[n];
      isMore = true;
    }
    if (isMore) this.version++;
    return isMore;
  }
}

/**
 * The *types* of the blocks with one whole: blocks that agree in the watched bits are of one type, since no step tells
 * them apart as long as they are not in view. A type is given by one of its blocks.
 */
export class BlockTypes {
  readonly representatives: number[] = [];
  private readonly known = new Set<string>();
  private version = -1;
  private looked = 0;

  constructor(
    private readonly watched: WatchedBits,
    private readonly views: ViewSet,
    private readonly group: ViewGroup,
  ) {}

  /** Takes in new blocks of the group. Returns whether all types are new, as other bits are watched. */
  update(): boolean {
    const { watched, group, representatives, known } = this;
    const isOther = this.version !== watched.version;
    if (isOther) {
      this.version = watched.version;
      this.looked = 0;
      known.clear();
      representatives.length = 0;
    }
    for (; this.looked < group.blocks.length; this.looked++) {
      const block = group.blocks[this.looked];
      const words = this.views.blocks.tuple(block);
      const key = watched.bits.map((bits, n) => bits & words[n]).join();
      if (known.has(key)) continue;
      known.add(key);
      representatives.push(block);
    }
    return isOther;
  }
}
