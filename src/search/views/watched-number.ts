import { Bitmap } from '../../model/bitmap.ts';
import type { Instance, WatchedInputs } from '../../model/instance.ts';
import { modelCode, refuseModelCode } from '../../model/model-code.ts';
import { Queue } from '../../model/queue.ts';
import type { SymmetricProcesses } from '../symmetry/symmetric-processes.ts';

/** Operations of a set of processes that tell how many there are, or which is the first, or move a word of it. */
const tellingOfSets = [
  'count',
  'first',
  'word',
  'setWord',
  'isWordEmpty',
  'loadWord',
  'xchgWord',
  'fetchAndNotWord',
  'andNotWord',
  'orWord',
] as const;
/** Operations of a queue that call `count` themselves and tell no number. */
const quietOfQueues = ['isEmpty', 'has', 'push', 'peek', 'shift'] as const;

/**
 * Refuses code that asks for the number of processes: a param, the length of the list of actors, the number of
 * processes in a set or a queue, a place of a queue or a set. A proof for any number would say nothing of it.
 */
export class WatchedNumber implements WatchedInputs {
  constructor(
    private readonly param: string,
    private readonly role: string,
  ) {}

  params(given: Instance['params']): Instance['params'] {
    return this.watching(given, (name) => (name === this.param ? `params.${this.param}` : undefined));
  }

  actors(ids: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
    const { role } = this;
    const all = ids[role];
    if (!Array.isArray(all)) return ids;
    const list = new Proxy(all, {
      get: (target, name) => {
        if (name === 'length' && modelCode.running !== 0) refuseNumber(`actors.${role}.length`);
        const value: unknown = Reflect.get(target, name);
        // Iterators and methods ask the list itself for its length.
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const prototype: object | null = Object.getPrototypeOf(ids);
    return Object.freeze(Object.setPrototypeOf({ ...ids, [role]: list }, prototype) as Record<string, unknown>);
  }

  /** Refuses operations of the cells of an instance that tell a number of processes. */
  watchCells(instance: Instance, processes: SymmetricProcesses): void {
    for (const { plain, region } of instance.cells) {
      if (plain instanceof Bitmap && region !== 'control' && processes.bitIndexOf(plain.name) !== undefined) {
        for (const operation of tellingOfSets) this.refuse(plain, operation);
      }
      if (plain instanceof Queue && processes.idCells.some(({ cell }) => cell === plain)) this.watchQueue(plain);
    }
  }

  private refuse(cell: Bitmap, operation: (typeof tellingOfSets)[number]): void {
    const original = cell[operation] as (...args: unknown[]) => unknown;
    const value = (...args: unknown[]): unknown => {
      if (modelCode.running !== 0) refuseNumber(`${cell.name}.${operation}()`);
      return original.apply(cell, args);
    };
    Object.defineProperty(cell, operation, { value });
  }

  private watchQueue(queue: Queue): void {
    let inside = 0;
    for (const operation of quietOfQueues) {
      const original = queue[operation] as (...args: unknown[]) => unknown;
      const value = (...args: unknown[]): unknown => {
        inside++;
        try {
          return original.apply(queue, args);
        } finally {
          inside--;
        }
      };
      Object.defineProperty(queue, operation, { value });
    }
    for (const operation of ['count', 'at'] as const) {
      const original = queue[operation] as (...args: unknown[]) => unknown;
      const value = (...args: unknown[]): unknown => {
        if (inside === 0 && modelCode.running !== 0) refuseNumber(`${queue.name}.${operation}()`);
        return original.apply(queue, args);
      };
      Object.defineProperty(queue, operation, { value });
    }
  }

  private watching<T extends object>(record: T, refused: (name: PropertyKey) => string | undefined): T {
    return new Proxy(record, {
      get: (target, name, receiver) => {
        const what = refused(name);
        if (what !== undefined && modelCode.running !== 0) refuseNumber(what);
        return Reflect.get(target, name, receiver);
      },
    });
  }
}

function refuseNumber(what: string): never {
  return refuseModelCode(
    `asks for ${what}`,
    'ask which actors there are (`for (const id of actors.role)`), or whether a set is empty; or prove it for fixed params',
    'NOT_SOUND',
  );
}
