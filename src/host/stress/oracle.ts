import { pageBytes } from '../kernel/kvm-api.ts';

/** A write of the guest, as its value tells: which vCPU, and its how manieth write. Writer 0 is nobody: the page was never written. */
export interface WriteId {
  readonly vcpu: number;
  readonly write: number;
}

/** What became of a page in one round. */
interface PageEvent {
  readonly round: number;
  /** what the copy took with it */
  readonly copied?: WriteId;
}

/** A page whose content changed after its last copy, and nobody was told. */
export interface LostWrite {
  readonly page: number;
  /** the round after which it was found, with all vCPUs out of the guest */
  readonly round: number;
  /** the write whose value is in memory */
  readonly holds?: WriteId;
  /** the write that the last copy took with it */
  readonly lastCopied?: WriteId;
  /** the copies of the page in the rounds that are remembered, oldest first */
  readonly history: readonly PageEvent[];
  readonly rememberedSince: number;
}

const rememberedRounds = 32;
const wordsPerPage = pageBytes / 4;

/** The copies of one round: page, and the two halves of its value, one after the other. */
interface RoundLog {
  readonly round: number;
  readonly entries: number[];
}

/**
 * Knows what each page held when it was last copied. When no vCPU is in the guest and the log has been taken once more, every page has to hold
 * what was copied last: else a write was lost. The guest writes a value to a page that nobody has written before.
 */
export class Oracle {
  /** contents were read so often */
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

  beginRound(): number {
    this.round += 1;
    this.log = { round: this.round, entries: [] };
    this.logs.push(this.log);
    if (this.logs.length > rememberedRounds) this.logs.shift();
    return this.round;
  }

  /** Reads the content of a page. */
  readonly copy = (page: number): void => {
    const at = page * wordsPerPage;
    const low = Atomics.load(this.memory, at);
    const high = Atomics.load(this.memory, at + 1);
    this.low[page] = low;
    this.high[page] = high;
    this.log.entries.push(page, low, high);
    this.copies += 1;
  };

  /** The pages that hold something else than their last copy, at most so many. Only to be asked when no vCPU is in the guest. */
  lostWrites(atMost: number): LostWrite[] {
    const lost: LostWrite[] = [];
    for (let page = 0; page < this.pages && lost.length < atMost; page++) {
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
      ...writeOf('holds', this.memory[at], this.memory[at + 1]),
      ...writeOf('lastCopied', this.low[page], this.high[page]),
      history: this.logs.flatMap(({ round, entries }) => copiesOf(page, round, entries)),
      rememberedSince: this.logs[0]?.round ?? 0,
    };
  }
}

function copiesOf(page: number, round: number, entries: readonly number[]): PageEvent[] {
  const events: PageEvent[] = [];
  for (let n = 0; n < entries.length; n += 3) {
    if (entries[n] === page) events.push({ round, ...writeOf('copied', entries[n + 1], entries[n + 2]) });
  }
  return events;
}

/** The write that a value is of, under a name; nothing where nobody has written. */
function writeOf<Name extends string>(name: Name, low = 0, high = 0): { readonly [N in Name]?: WriteId } {
  const writer = high >>> 24;
  if (writer === 0) return {};
  return { [name]: { vcpu: writer - 1, write: (high & 0xff_ffff) * 2 ** 32 + low } } as {
    readonly [N in Name]: WriteId;
  };
}
