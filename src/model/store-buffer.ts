import { isInStoreBuffer, type Recorder } from './access-recording.ts';
import { Bitmap } from './bitmap.ts';
import type { Cell, PlainStore } from './cell.ts';
import { type CellSpec, queue } from './declare.ts';
import { PrecopyError } from './errors.ts';
import type { Queue } from './queue.ts';
import type { StateBuilder } from './state-builder.ts';

/**
 * The memory model. `sc`, sequential consistency: a plain store reaches shared memory at once. `tso`, total store
 * order: each actor has a FIFO store buffer, as an x86 processor does. Its own loads see the buffered stores, those of
 * other actors do not, and the oldest store may leave the buffer at any time. (P. Sewell, S. Sarkar, S. Owens, F. Zappa
 * Nardelli and M. O. Myreen, "x86-TSO", CACM 53(7), 2010.)
 * @example
 * const onX86 = defineDesign({ ...design, memoryModel: 'tso' });
 */
export type MemoryModel = (typeof memoryModels)[number];
export const memoryModels = ['sc', 'tso'] as const;

/** The type of the event of a drain. */
export const drain = 'DRAIN';

/** The operation by which a buffered store reaches memory, as it is recorded. It is no access of a step. */
export const drained = 'drain';

/** The target of a buffered store: a word of a cell, or the receiver of a message that is a plain store. */
interface Target {
  /** undefined for a message */
  readonly memory: { readonly store: PlainStore; readonly word: number } | undefined;
  /** Makes the store visible to all actors. */
  arrive(from: number, value: number): void;
}

/** The store buffer of an actor. */
export class StoreBuffer {
  private readonly underneath: number[] = [];
  private isOverlaid = false;

  constructor(
    private readonly actor: number,
    private readonly capacity: number,
    private readonly targets: readonly Target[],
    /** by entry, oldest first: index of its target */
    private readonly destinations: Queue,
    /** by entry, oldest first */
    private readonly values: Queue,
  ) {}

  isEmpty(): boolean {
    return this.destinations.isEmpty();
  }

  /**
   * Appends a store. If the buffer is full, the oldest store leaves first, within the same step: a processor waits for
   * that.
   */
  append(target: number, value: number): void {
    if (this.destinations.count() === this.capacity) this.drainOldest();
    this.destinations.push(target);
    this.values.push(value);
  }

  /** Moves the oldest store to memory. */
  drainOldest(): void {
    const target = this.targets[this.destinations.shift()];
    target.arrive(this.actor, this.values.shift());
  }

  /**
   * Moves all stores to memory, as a locked operation or a barrier does. That this is one step hides no interleaving:
   * the stores may leave the buffer one by one before it.
   */
  drain(): void {
    while (!this.isEmpty()) this.drainOldest();
  }

  /** Evaluates a load on memory as the actor sees it: with the youngest buffered store to each word applied. */
  load<T>(load: () => T): T {
    const count = this.isOverlaid ? 0 : this.destinations.count();
    if (count === 0) return load();
    this.isOverlaid = true;
    try {
      return this.loadFromOverlay(count, load);
    } finally {
      this.isOverlaid = false;
    }
  }

  private loadFromOverlay<T>(count: number, load: () => T): T {
    for (let n = 0; n < count; n++) this.exchange(n, this.values.at(n));
    try {
      return load();
    } finally {
      for (let n = count - 1; n >= 0; n--) this.exchange(n, this.underneath[n]);
    }
  }

  /** Returns whether a store to one of the targets `first` to `end - 1` is buffered. */
  holds(first: number, end: number): boolean {
    for (let n = this.destinations.count() - 1; n >= 0; n--) {
      const target = this.destinations.at(n);
      if (target >= first && target < end) return true;
    }
    return false;
  }

  /** Writes a value to the target of entry `n`, and saves the old value. */
  private exchange(n: number, value: number): void {
    const { memory } = this.targets[this.destinations.at(n)];
    if (memory === undefined) return;
    this.underneath[n] = memory.store.load(memory.word);
    memory.store.store(memory.word, value);
  }
}

/** The parts of a system that store buffers depend on. */
export interface StoreBufferSpec {
  readonly actors: readonly string[];
  /** maximum number of stores in a buffer */
  readonly capacity: number;
  /** all cells of shared memory */
  readonly shared: readonly { readonly spec: CellSpec; readonly at: () => { readonly plain: Cell } }[];
  /** types of the messages that are plain stores */
  readonly messages: readonly string[];
  readonly carry: (type: string, from: number, to: number) => void;
  readonly record: Recorder | undefined;
}

/** The store buffers of a system. */
export interface StoreBuffers {
  /** by actor */
  readonly all: readonly StoreBuffer[];
  /** Returns a cell of shared memory as an actor sees it. */
  view(actor: number, cell: Cell): Cell;
  /** Sends a message that is a plain store. */
  send(type: string, from: number, to: number): void;
}

/** Places a store buffer for each actor. The returned function creates the buffers; call it after `build`. */
export function placeStoreBuffers(spec: StoreBufferSpec, builder: StateBuilder): () => StoreBuffers {
  const { actors, capacity, shared, messages, carry, record } = spec;
  const stores = shared.flatMap(({ spec: { plainStores } }) => plainStores?.(actors.length) ?? []);
  const words = stores.reduce((sum, one) => sum + one.words, 0);
  const greatest = Math.max(0, ...stores.map(({ max }) => max));
  const size = words + messages.length * actors.length;
  const placed = actors.map((name) => ({
    destinations: builder.place(`${name}.storeBuffer.destinations`, 'control', queue(capacity, size)),
    values: builder.place(`${name}.storeBuffer.values`, 'control', queue(capacity, greatest + 1)),
  }));
  return () => {
    const targets: Target[] = [];
    const ranges = new Map<Cell, Range>();
    for (const { spec, at } of shared) {
      const { plain } = at();
      if (plain.plainStore && !spec.plainStores) {
        const found = `${plain.name} has words of 64 bits, and a store buffer takes 32`;
        throw new PrecopyError('BAD_PARAMETER', found, 'choose bitsPerWord of at most 32');
      }
      const first = targets.length;
      const end = first + (spec.plainStores?.(actors.length).words ?? 0);
      ranges.set(plain, { first, end });
      for (let word = 0; first + word < end; word++) {
        targets.push(memoryTarget(plain, plain.plainStore as PlainStore, word, record));
      }
    }
    for (const type of messages) {
      for (let to = 0; to < actors.length; to++) {
        targets.push({ memory: undefined, arrive: (from) => carry(type, from, to) });
      }
    }
    const all = placed.map(
      ({ destinations, values }, actor) =>
        new StoreBuffer(actor, capacity, targets, destinations().plain, values().plain),
    );
    return {
      all,
      view: (actor, cell) => throughBuffer(cell, all[actor], ranges.get(cell) as Range),
      send: (type, from, to) => all[from].append(words + messages.indexOf(type) * actors.length + to, 0),
    };
  };
}

/** The targets `first` to `end - 1`. */
interface Range {
  readonly first: number;
  readonly end: number;
}

function memoryTarget(cell: Cell, store: PlainStore, word: number, record: Recorder | undefined): Target {
  return {
    memory: { store, word },
    arrive: (_, value) => {
      const before = record ? cell.show() : '';
      store.store(word, value);
      record?.({ cell: cell.name, region: 'shared', operation: drained, kind: 'store', before, after: cell.show() });
    },
  };
}

/**
 * Returns a view of a cell of shared memory through a store buffer. The words of the cell are the targets `first` to
 * `end - 1`.
 */
function throughBuffer(cell: Cell, buffer: StoreBuffer, { first, end }: Range): Cell {
  const view = Object.create(cell) as Record<PropertyKey, unknown>;
  const operations = cell as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  const call = (operation: string, args: readonly unknown[]): unknown => operations[operation]?.call(cell, ...args);
  for (const [operation, kind] of Object.entries(cell.kinds)) {
    if (kind === 'load') {
      view[operation] = (...args: readonly unknown[]) => buffer.load(() => call(operation, args));
    } else if (operation === cell.plainStore?.operation) {
      const { entry } = cell.plainStore;
      view[operation] = (...args: readonly unknown[]) => {
        const { word, value } = entry(...args);
        buffer.append(first + word, value);
      };
    } else {
      view[operation] = (...args: readonly unknown[]) => {
        buffer.drain();
        return call(operation, args);
      };
    }
  }
  view['show'] = () => buffer.load(() => cell.show());
  if (cell instanceof Bitmap) {
    const copy = (): Bitmap['all'] => (typeof cell.all === 'number' ? cell.all : cell.all.slice());
    Object.defineProperty(view, 'all', { get: () => buffer.load(copy) });
    // As the operand of another bitmap: a load sees the buffered stores, and a store is a locked operation.
    view['limb'] = (n: number) => buffer.load(() => call('limb', [n]));
    view['setLimb'] = (n: number, value: number) => {
      buffer.drain();
      call('setLimb', [n, value]);
    };
  }
  view[isInStoreBuffer] = () => buffer.holds(first, end);
  return view as unknown as Cell;
}
