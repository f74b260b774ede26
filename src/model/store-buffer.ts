import { inStoreBuffer, type Recorder } from './access-recording.ts';
import { Bitmap } from './bitmap.ts';
import { type Cell, type CellSpec, type PlainStore, queue } from './cells.ts';
import { PrecopyError } from './errors.ts';
import type { Queue } from './queue.ts';
import type { StateBuilder } from './state-builder.ts';

/**
 * When the plain stores of an actor to shared memory reach it. `sc`, sequential consistency: at once. `tso`: each actor has a store buffer
 * as an x86 processor has one, first in, first out; its own loads see what is in there, nobody else's do, and the oldest store leaves it
 * at any moment. (P. Sewell, S. Sarkar, S. Owens, F. Zappa Nardelli and M. O. Myreen, "x86-TSO", CACM 53(7), 2010.)
 */
export type MemoryModel = (typeof memoryModels)[number];
export const memoryModels = ['sc', 'tso'] as const;

/** What a drained store goes to: a place of a cell, or a receiver of a message that is a plain store. */
interface Target {
  /** undefined for a message */
  readonly memory: { readonly store: PlainStore; readonly place: number } | undefined;
  /** The store becomes visible to all. */
  arrive(from: number, value: number): void;
}

/** The plain stores of one actor that nobody else has seen yet. */
export class StoreBuffer {
  private readonly underneath: number[] = [];
  private isOverlaid = false;

  constructor(
    private readonly actor: number,
    private readonly capacity: number,
    private readonly targets: readonly Target[],
    /** by entry, oldest first: the number of its target, and the value */
    private readonly destinations: Queue,
    private readonly values: Queue,
  ) {}

  isEmpty(): boolean {
    return this.destinations.isEmpty();
  }

  /** Appends a store. In a full buffer the oldest one leaves first: what the processor waits for happens within the same step. */
  append(target: number, value: number): void {
    if (this.destinations.count() === this.capacity) this.drainOldest();
    this.destinations.push(target);
    this.values.push(value);
  }

  /** The oldest store reaches memory. */
  drainOldest(): void {
    const target = this.targets[this.destinations.shift()];
    target.arrive(this.actor, this.values.shift());
  }

  /**
   * Everything reaches memory: what a locked operation and a barrier wait for. That it happens within their step takes nothing away, as
   * stores may leave the buffer one by one before it.
   */
  drain(): void {
    while (!this.isEmpty()) this.drainOldest();
  }

  /** Does a load as the actor sees memory: with its own stores in it, the youngest one for each place. */
  load<T>(load: () => T): T {
    const count = this.isOverlaid ? 0 : this.destinations.count();
    if (count === 0) return load();
    this.isOverlaid = true;
    for (let n = 0; n < count; n++) this.exchange(n, this.values.at(n));
    try {
      return load();
    } finally {
      for (let n = count - 1; n >= 0; n--) this.exchange(n, this.underneath[n]);
      this.isOverlaid = false;
    }
  }

  /** Whether a store to one of these targets is still in here. */
  holds(first: number, end: number): boolean {
    for (let n = this.destinations.count() - 1; n >= 0; n--) {
      const target = this.destinations.at(n);
      if (target >= first && target < end) return true;
    }
    return false;
  }

  /** Puts a value where entry `n` is to go, and keeps what was there. */
  private exchange(n: number, value: number): void {
    const { memory } = this.targets[this.destinations.at(n)];
    if (memory === undefined) return;
    this.underneath[n] = memory.store.load(memory.place);
    memory.store.store(memory.place, value);
  }
}

/** What store buffers need to know of a system. */
export interface StoreBufferSpec {
  readonly actors: readonly string[];
  /** how many stores one holds */
  readonly capacity: number;
  /** all cells of shared memory */
  readonly shared: readonly { readonly spec: CellSpec; readonly at: () => { readonly plain: Cell } }[];
  /** the types of the messages that are plain stores */
  readonly messages: readonly string[];
  readonly carry: (type: string, from: number, to: number) => void;
  readonly record: Recorder | undefined;
}

/** The store buffers of a system, and its memory as actors see it through them. */
export interface StoreBuffers {
  /** by actor */
  readonly all: readonly StoreBuffer[];
  /** A cell of shared memory as an actor sees it. */
  see(actor: number, cell: Cell): Cell;
  /** Sends a message that is a plain store. */
  send(type: string, from: number, to: number): void;
}

/** Gives each actor a store buffer. What it returns makes them, once the placement is sealed. */
export function placeStoreBuffers(spec: StoreBufferSpec, placement: StateBuilder): () => StoreBuffers {
  const { actors, capacity, shared, messages, carry, record } = spec;
  const stores = shared.flatMap(({ spec: { plainStores } }) => plainStores ?? []);
  const places = stores.reduce((sum, one) => sum + one.places, 0);
  const greatest = Math.max(0, ...stores.map(({ max }) => max));
  const size = places + messages.length * actors.length;
  const placed = actors.map((name) => ({
    destinations: placement.place(`${name}.storeBuffer.destinations`, 'control', queue(capacity, size)),
    values: placement.place(`${name}.storeBuffer.values`, 'control', queue(capacity, greatest + 1)),
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
      const end = first + (spec.plainStores?.places ?? 0);
      ranges.set(plain, { first, end });
      for (let place = 0; first + place < end; place++) {
        targets.push(memoryTarget(plain, plain.plainStore as PlainStore, place, record));
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
      see: (actor, cell) => throughBuffer(cell, all[actor], ranges.get(cell) as Range),
      send: (type, from, to) => all[from].append(places + messages.indexOf(type) * actors.length + to, 0),
    };
  };
}

/** The targets from `first` up to `end`, without that. */
interface Range {
  readonly first: number;
  readonly end: number;
}

function memoryTarget(cell: Cell, store: PlainStore, place: number, record: Recorder | undefined): Target {
  return {
    memory: { store, place },
    arrive: (_, value) => {
      const before = record ? cell.show() : '';
      store.store(place, value);
      record?.({ cell: cell.name, region: 'shared', operation: 'drain', kind: 'store', before, after: cell.show() });
    },
  };
}

/** A cell of shared memory as the actor sees it that stores through this buffer; its places are the targets `first` up to `end`. */
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
        const { place, value } = entry(...args);
        buffer.append(first + place, value);
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
  }
  view[inStoreBuffer] = () => buffer.holds(first, end);
  return view as unknown as Cell;
}
