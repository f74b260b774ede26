import type { AccessKind, Cell } from './cells.ts';

/** One operation on one cell, as a recording memory saw it. */
export interface Access {
  /** path of the cell: `kvm.dirtyBitmap`, `vcpu0.gfn` */
  readonly cell: string;
  readonly region: Region;
  readonly operation: string;
  readonly kind: AccessKind;
  readonly before: string;
  readonly after: string;
  /** a store that waits in the store buffer of the actor, or a load of such a store; `before` and `after` are as the actor sees it */
  readonly buffered?: true;
}

/**
 * `shared` memory can be raced for. `owned` memory belongs to one actor at a time, by a lock or by the protocol: a TLB, a snapshot buffer.
 * A `register` belongs to one actor for good. `ghost` memory exists for properties: the system itself never reads it.
 */
export type Region = 'shared' | 'owned' | 'register' | 'ghost';

export type Recorder = (access: Access) => void;

const reportOperand = Symbol('reportOperand');

/** Says of a cell that is seen through a store buffer whether one of its stores is still in there. */
export const inStoreBuffer = Symbol('inStoreBuffer');

/**
 * The same cell, seen through a wrapper that reports every operation on it. The wrapped cell itself stays silent. An operation on a second
 * recorded cell reports a load of that as well, or a store where it has changed, unless it only keeps the books of ghost memory.
 */
export function withRecording<C extends Cell>(cell: C, region: Region, record: Recorder): C {
  const wrapper = Object.create(cell) as Record<string, unknown>;
  const operations = cell as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const [operation, kind] of Object.entries(cell.kinds)) {
    wrapper[operation] = (...args: unknown[]) => {
      const report =
        region === 'ghost' ? [] : args.map((arg) => (arg as Operand | undefined)?.[reportOperand]?.(operation));
      const before = cell.show();
      const result = operations[operation]?.call(cell, ...args);
      for (const one of report) one?.();
      record({ cell: cell.name, region, operation, kind, before, after: cell.show(), ...buffered(cell) });
      return result;
    };
  }
  const operand = (operation: string): (() => void) => {
    const before = cell.show();
    return () => {
      const after = cell.show();
      const kind = after === before ? 'load' : 'store';
      record({ cell: cell.name, region, operation, kind, before, after, ...buffered(cell) });
    };
  };
  return Object.assign(wrapper, { [reportOperand]: operand }) as unknown as C;
}

function buffered(cell: Cell & { readonly [inStoreBuffer]?: () => boolean }): { buffered?: true } {
  return cell[inStoreBuffer]?.() ? { buffered: true } : {};
}

/** Called before an operation on another cell that takes this one; what it returns is called after it. */
interface Operand {
  readonly [reportOperand]?: (operation: string) => () => void;
}
