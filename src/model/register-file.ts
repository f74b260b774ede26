import { Bit, type Cell, Counter } from './cells.ts';

/** The registers of one actor, made from their cells in the order of their names. */
export type RegistersClass = new (cellsInOrder: readonly Cell[]) => object;

const known = new Map<string, RegistersClass>();

/**
 * A class whose properties are registers: numbers and truth values read and write like variables, anything else is its cell. One class for the
 * same registers, and its code is written out name by name, so that V8 knows at each access which cell it goes to, and of what shape.
 */
export function registersClass(sample: Readonly<Record<string, Cell>>): RegistersClass {
  const members = Object.entries(sample).map(([name, cell], n) => {
    const property = JSON.stringify(name);
    const isVariable = cell instanceof Counter || cell instanceof Bit;
    return isVariable
      ? `get [${property}]() { return this.cell${n}.get(); } set [${property}](value) { this.cell${n}.set(value); }`
      : `get [${property}]() { return this.cell${n}; }`;
  });
  const fields = members.map((_, n) => `this.cell${n} = cells[${n}];`);
  const code = `return class Registers { constructor(cells) { ${fields.join(' ')} } ${members.join('\n')} }`;
  const made = known.get(code) ?? (new Function(code)() as RegistersClass);
  known.set(code, made);
  return made;
}
