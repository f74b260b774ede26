import type { AccessKind, Cell } from './cell.ts';
import { operands } from './operands.ts';

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

const reportOperand = Symbol('reportOperand');

/** Key of a method of a cell seen through a store buffer: it returns whether a store to the cell is buffered. */
export const isInStoreBuffer = Symbol('inStoreBuffer');

/**
 * Wraps a cell so that every operation is recorded; the cell itself is not changed. An operand of an operation that is
 * a recorded cell is recorded as well: as a load, or as a store if the operation changes it. Operations on ghost memory
 * record no operands.
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
      for (const reportOne of report) reportOne?.();
      record({ cell: cell.name, region, operation, kind, before, after: cell.show(), ...buffered(cell) });
      return result;
    };
  }
  const operand = (operation: string): (() => void) => {
    const before = cell.show();
    return () => {
      const after = cell.show();
      const kind = operands[operation]?.kind === 'load' ? 'load' : 'store';
      record({ cell: cell.name, region, operation, kind, before, after, ...buffered(cell) });
    };
  };
  return Object.assign(wrapper, { [reportOperand]: operand }) as unknown as C;
}

function buffered(cell: Cell & { readonly [isInStoreBuffer]?: () => boolean }): { buffered?: true } {
  return cell[isInStoreBuffer]?.() ? { buffered: true } : {};
}

/** The hook of an operand: called before the operation; the returned function is called after it. */
interface Operand {
  readonly [reportOperand]?: (operation: string) => () => void;
}
