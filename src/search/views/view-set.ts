import type { ViewLayout } from './view-layout.ts';
import { WordTuples } from './word-tuples.ts';

/** The views with one whole. */
export interface ViewGroup {
  readonly whole: number;
  /** numbers of the blocks */
  readonly blocks: number[];
  isQueued: boolean;
}

/** A set of views, grouped by their wholes. */
export class ViewSet {
  readonly wholes: WordTuples;
  readonly blocks: WordTuples;
  /** by number of the whole */
  readonly groups: ViewGroup[] = [];
  /** groups with new views, the oldest first */
  readonly queue: ViewGroup[] = [];
  size = 0;
  /** whole and block of each view, as numbers */
  private readonly pairs = new WordTuples(2);
  private readonly pair = new Int32Array(2);

  constructor({ wholeWords, blockWords }: ViewLayout) {
    this.wholes = new WordTuples(wholeWords);
    this.blocks = new WordTuples(blockWords);
  }

  get bytes(): number {
    return this.wholes.bytes + this.blocks.bytes + this.pairs.bytes + bytesPerGroup * this.groups.length;
  }

  /** Adds a view. Returns whether it is new. */
  add(whole: number, block: number): boolean {
    this.pair[0] = whole;
    this.pair[1] = block;
    this.pairs.intern(this.pair);
    if (this.pairs.count === this.size) return false;
    this.size++;
    const group = this.groups[whole] ?? { whole, blocks: [], isQueued: false };
    this.groups[whole] = group;
    group.blocks.push(block);
    this.enqueue(group);
    return true;
  }

  has(whole: Int32Array, block: Int32Array): boolean {
    const [wholes, blocks] = [this.wholes.count, this.blocks.count];
    const [one, other] = [this.wholes.intern(whole), this.blocks.intern(block)];
    return one < wholes && other < blocks && this.groups[one].blocks.includes(other);
  }

  enqueue(group: ViewGroup): void {
    if (group.isQueued) return;
    group.isQueued = true;
    this.queue.push(group);
  }
}

const bytesPerGroup = 200;
