import type { AccessKind, Cell } from './cell.ts';
import { operands } from './cell-operands.ts';

/**
 * A recorded operation on a cell.
 * @example
 * compile(design, params, { record: ({ cell, kind }: Access) => console.log(kind, cell) });
 */
export interface Access {
  /** path of the cell: `kvm.dirtyBitmap`, `vcpu0.gfn` */
  readonly cell: string;
  readonly region: Region;
  readonly operation: string;
  readonly kind: AccessKind;
  readonly before: string;
  readonly after: string;
  /** a buffered store, or a load of one; `before` and `after` are then the values that the actor sees */
  readonly buffered?: true;
}

/**
 * The region of a cell. Actors race for `shared` memory. `owned` memory belongs to one actor at a time, by a lock or by
 * the protocol: a TLB, a snapshot buffer. A `register` always belongs to the same actor. Only properties read `ghost`
 * memory.
 */
export type Region = 'shared' | 'owned' | 'register' | 'ghost';

export type Recorder = (access: Access) => void;

/** Key of the hook of an operand: called before an operation of another cell, it returns what is called after it. */
const asOperand = Symbol('asOperand');
/** Key of the cell that a recorded one stands for. */
const recordedCell = Symbol('recordedCell');

/** Key of a method of a cell seen through a store buffer: it returns whether a store to the cell is buffered. */
export const isInStoreBuffer = Symbol('inStoreBuffer');

/**
 * Wraps a cell so that every operation is recorded; the cell itself is not changed. An operand of an operation that is
 * a recorded cell is recorded as well: as a load, or as a store if the operation changes it. Operations on ghost memory
 * record no operands.
 */
export function withRecording<C extends Cell>(cell: C, region: Region, record: Recorder): C {
  const wrapper = Object.create(cell) as Record<PropertyKey, unknown>;
  const operations = cell as unknown as Record<string, (...args: unknown[]) => unknown>;
  const report = (operation: string, kind: AccessKind, before: string): void =>
    record({ cell: cell.name, region, operation, kind, before, after: cell.show(), ...buffered(cell) });
  for (const [operation, kind] of Object.entries<AccessKind>({ ...cell.kinds, show: 'load', reset: 'store' })) {
    wrapper[operation] = (...args: unknown[]) => {
      const others =
        region === 'ghost' ? [] : args.map((arg) => (arg as Operand | undefined)?.[asOperand]?.(operation));
      const before = cell.show();
      const result = operations[operation]?.call(cell, ...args.map((arg) => (arg as Operand)?.[recordedCell] ?? arg));
      for (const reportOther of others) reportOther?.();
      report(operation, kind, before);
      return result;
    };
  }
  if ('all' in cell) {
    const all = (): unknown => {
      report('all', 'load', cell.show());
      return cell.all;
    };
    Object.defineProperty(wrapper, 'all', { get: all });
  }
  wrapper[recordedCell] = cell;
  wrapper[asOperand] = (operation: string) => {
    const before = cell.show();
    const kind = operands[operation]?.kind === 'load' ? 'load' : 'store';
    return () => report(operation, kind, before);
  };
  return wrapper as unknown as C;
}

function buffered(cell: Cell & { readonly [isInStoreBuffer]?: () => boolean }): { buffered?: true } {
  return cell[isInStoreBuffer]?.() ? { buffered: true } : {};
}

interface Operand {
  readonly [asOperand]?: (operation: string) => () => void;
  readonly [recordedCell]?: Cell;
}
