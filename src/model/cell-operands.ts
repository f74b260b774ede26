import type { AccessKind } from './cell.ts';

/** How an operation of a cell accesses another cell that it takes as an argument. */
interface Operand {
  /** index of the argument */
  readonly argument: number;
  readonly kind: AccessKind;
}

const loads = (argument: number): Operand => ({ argument, kind: 'load' });
const exchanges = (argument: number): Operand => ({ argument, kind: 'rmw' });

/** By operation that takes another cell. */
export const operands: Readonly<Record<string, Operand>> = {
  loadWord: { argument: 1, kind: 'store' },
  setWord: loads(1),
  xchgWord: exchanges(1),
  fetchAndNotWord: exchanges(1),
  andNotWord: loads(1),
  orWord: loads(1),
  copyFrom: loads(0),
  orFrom: loads(0),
  andNotFrom: loads(0),
  contains: loads(0),
  equals: loads(0),
};
