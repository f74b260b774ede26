import { pageBytes } from '../kernel/kvm-api.ts';
import type { LostWrite, PageCopy, WriteId } from '../results.ts';

const historyRounds = 32;
const wordsPerPage = pageBytes / 4;

/** Copies of one round. */
interface RoundLog {
  readonly round: number;
  /** three numbers per copy: the page, and the low and high half of its value */
  readonly entries: number[];
}

/**
 * Records the last copy of each page. Once no vCPU is in the guest and the log was read once more, every page has to
 * equal its last copy; otherwise a write was lost. Each write of the guest has a value of its own.
 */
export class Oracle {
  /** number of copies */
  copies = 0;
  private round = 0;
  private readonly memory: Uint32Array;
  private readonly low: Uint32Array;
  private readonly high: Uint32Array;
  private log: RoundLog = { round: 0, entries: [] };
  private readonly logs: RoundLog[] = [];

  constructor(
    memory: ArrayBuffer,
    private readonly pages: number,
  ) {
    this.memory = new Uint32Array(memory);
    this.low = new Uint32Array(pages);
    this.high = new Uint32Array(pages);
  }

  /** Begins a round and returns its number. */
  beginRound(): number {
    this.round += 1;
    this.log = { round: this.round, entries: [] };
    this.logs.push(this.log);
    if (this.logs.length > historyRounds) this.logs.shift();
    return this.round;
  }

  /** Copies the content of a page. */
  readonly copy = (page: number): void => {
    const at = page * wordsPerPage;
    const low = Atomics.load(this.memory, at);
    const high = Atomics.load(this.memory, at + 1);
    this.low[page] = low;
    this.high[page] = high;
    this.log.entries.push(page, low, high);
    this.copies += 1;
  };

  /** Returns at most `limit` pages that differ from their last copy. No vCPU may be in the guest. */
  lostWrites(limit: number): LostWrite[] {
    const lost: LostWrite[] = [];
    for (let page = 0; page < this.pages && lost.length < limit; page++) {
      const at = page * wordsPerPage;
      if (this.memory[at] !== this.low[page] || this.memory[at + 1] !== this.high[page]) lost.push(this.describe(page));
    }
    return lost;
  }

  private describe(page: number): LostWrite {
    const at = page * wordsPerPage;
    return {
      page,
      round: this.round,
      ...writeOf('inMemory', this.memory[at], this.memory[at + 1]),
      ...writeOf('lastCopied', this.low[page], this.high[page]),
      history: this.logs.flatMap(({ round, entries }) => copiesOf(page, round, entries)),
      historySince: this.logs[0]?.round ?? 0,
    };
  }
}

function copiesOf(page: number, round: number, entries: readonly number[]): PageCopy[] {
  const events: PageCopy[] = [];
  for (let n = 0; n < entries.length; n += 3) {
    if (entries[n] === page) events.push({ round, ...writeOf('copied', entries[n + 1], entries[n + 2]) });
  }
  return events;
}

/** Decodes a value into the write that it identifies, under a name; empty for an unwritten page. */
function writeOf<Name extends string>(name: Name, low = 0, high = 0): { readonly [N in Name]?: WriteId } {
  const writer = high >>> 24;
  if (writer === 0) return {};
  return { [name]: { vcpu: writer - 1, write: (high & 0xff_ffff) * 2 ** 32 + low } } as {
    readonly [N in Name]: WriteId;
  };
}
