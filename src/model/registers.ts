import { Bit, type Cell, Counter } from './cells.ts';

const cells = Symbol('cells');

/** The registers of one actor, made from their cells in the order of their names. */
export type RegistersClass = new (cellsInOrder: readonly Cell[]) => object;

/**
 * A class whose properties are registers: numbers and truth values read and write like variables, anything else is its cell. One class a
 * role, so that all actors of a role are of one shape for V8.
 */
export function registersClass(sample: Readonly<Record<string, Cell>>): RegistersClass {
  class Registers {
    readonly [cells]: readonly Cell[];
    constructor(cellsInOrder: readonly Cell[]) {
      this[cells] = cellsInOrder;
    }
  }
  Object.entries(sample).forEach(([name, cell], n) => {
    const scalar = cell instanceof Counter || cell instanceof Bit;
    Object.defineProperty(Registers.prototype, name, scalar ? variable(n) : constant(n));
  });
  return Registers;

  function variable(n: number): PropertyDescriptor & ThisType<Registers> {
    return {
      get() {
        return (this[cells][n] as Counter).get();
      },
      set(value: number) {
        (this[cells][n] as Counter).set(value);
      },
    };
  }

  function constant(n: number): PropertyDescriptor & ThisType<Registers> {
    return {
      get() {
        return this[cells][n];
      },
    };
  }
}
