import type { Region } from './access-recording.ts';
import type { AccessKind, Cell } from './cell.ts';
import { operands } from './cell-operands.ts';
import { refuseModelCode } from './model-code.ts';
import type { StepAccesses } from './step-accesses.ts';
import { strictPrototype } from './strict-names.ts';

/**
 * Who accesses a cell. An `action` accesses all memory but ghosts, which it writes without reading them. A `guard`
 * reads what is no ghost. A `ghost` update reads all memory and writes ghosts. A `property` reads all memory.
 */
export type Audience = 'action' | 'guard' | 'ghost' | 'property';

/** Where an access of a cell is counted. */
export interface FacetPlace {
  readonly region: Region;
  /** undefined if accesses are not counted */
  readonly accesses: StepAccesses | undefined;
  /** index of the cell among those of owned memory whose owners are watched; -1 for other cells */
  readonly ownedIndex: number;
}

/**
 * Returns a cell as one audience accesses it: it counts accesses of a step to shared and owned memory, and refuses what
 * the audience may not do. Everything else it passes on.
 *
 * A facet has the operations of the cell, `show`, `reset` and its constants, and nothing else: no access goes by
 * unseen. Where an operation takes another cell, that is given as a facet as well.
 */
export function facetOf<C extends Cell>(cell: C, audience: Audience, place: FacetPlace): C {
  const name = cell.constructor.name;
  const counted = countedAs(audience, place);
  const key = `${name} ${Object.keys(cell.kinds).join()} ${audience} ${place.region === 'ghost'} ${counted}`;
  const Class = classes.get(key) ?? generateClass(name, cell, rightsOf(audience, place));
  classes.set(key, Class);
  return new Class(cell, place) as unknown as C;
}

/** What an audience may do to a cell, and how that is counted. */
interface Rights {
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  readonly counted: 'shared' | 'owned' | undefined;
  readonly isGhost: boolean;
  /** the end of a refusal: what the function is, and what it may do */
  readonly rule: string;
}

const rules: Readonly<Record<Audience, string>> = {
  action: 'only properties and ghost updates read ghost memory: give the update in `ghost` of `implement`',
  guard: 'a guard only reads, and no ghost memory',
  ghost: 'a ghost update writes only ghost memory',
  property: 'a property only reads',
};

function countedAs(audience: Audience, { region, accesses, ownedIndex }: FacetPlace): Rights['counted'] {
  if (audience === 'property' || accesses === undefined) return undefined;
  if (region === 'shared') return 'shared';
  return ownedIndex >= 0 ? 'owned' : undefined;
}

function rightsOf(audience: Audience, place: FacetPlace): Rights {
  const isGhost = place.region === 'ghost';
  return {
    mayRead: !isGhost || audience === 'ghost' || audience === 'property',
    mayWrite: audience === 'action' || (audience === 'ghost' && isGhost),
    counted: countedAs(audience, place),
    isGhost,
    rule: rules[audience],
  };
}

abstract class Facet {
  readonly cell: Cell;
  protected readonly place: FacetPlace;

  constructor(cell: Cell, place: FacetPlace) {
    this.cell = cell;
    this.place = place;
    Object.freeze(this);
  }

  /**
   * Is called when the cell is the operand of an operation of another one. An operation of a ghost sees its operand as
   * properties do.
   */
  abstract asOperand(operation: string, kind: AccessKind, ofGhost: boolean): void;
}

// Without these, an assignment in the constructor would ask the prototype behind, which refuses names.
Object.assign(Facet.prototype, { cell: undefined, place: undefined });
Object.setPrototypeOf(Facet.prototype, strictPrototype('a cell', 'operation'));

type FacetClass = new (cell: Cell, place: FacetPlace) => Facet;
const classes = new Map<string, FacetClass>();

/** What never changes in a cell. */
const constantsOfBitmap = ['name', 'kinds', 'initial', 'bits', 'bitsPerWord', 'words', 'names'];
const constantsOfOthers = ['name', 'kinds', 'initial', 'max', 'bound', 'capacity'];

/** Operations that write and also tell what was there before. */
const telling = new Set(['testAndClear', 'testAndSet', 'xchgWord', 'fetchAndNotWord', 'xchg', 'cmpxchg', 'shift']);

/**
 * Generates the class of the facets of a kind of cell with some rights. Each operation is a method of its own and calls
 * one method of one class of cells, so that V8 inlines both.
 */
function generateClass(name: string, cell: Cell, rights: Rights): FacetClass {
  const methods = Object.entries<AccessKind>({ ...cell.kinds, show: 'load', reset: 'store' }).map(
    ([operation, kind]) =>
      `${operation}(a, b, c) { ${operand(operation, rights)} ${access(operation, kind, rights)} return this.cell.${operation}(a, b, c); }`,
  );
  const constants = ('bits' in cell ? constantsOfBitmap : constantsOfOthers).filter((one) => one in cell);
  const getters = constants.map((one) => `get ${one}() { return this.cell.${one}; }`);
  const all = `get all() { ${access('all', 'load', rights)} const { all } = this.cell; return typeof all === 'number' ? all : all.slice(); }`;
  const code = `'use strict'; return class ${name}Facet extends Facet {
    ${[...methods, ...getters].join('\n    ')}
    ${'all' in cell ? all : ''}
    ${'wordOf' in cell ? 'wordOf(a) { return this.cell.wordOf(a); }' : ''}
    asOperand(operation, kind, ofGhost) {
      ${rights.mayRead ? '' : `if (!ofGhost && kind !== 'store') ${refusal('operation', 'reads', rights)}`}
      ${rights.mayWrite ? '' : `if (kind !== 'load') ${refusal('operation', 'writes', rights)}`}
      if (!ofGhost) { ${count('operation', "kind !== 'load'", rights)} }
    }
  };`;
  return new Function('Facet', 'refuse', 'unwrap', code)(Facet, refuseModelCode, unwrap) as FacetClass;
}

/** Returns the code that counts or refuses an operation. */
function access(operation: string, kind: AccessKind, rights: Rights): string {
  const name = `'${operation}'`;
  if (!rights.mayRead && (kind === 'load' || telling.has(operation))) return refusal(name, 'reads', rights);
  if (!rights.mayWrite && kind !== 'load') return refusal(name, 'writes', rights);
  return count(name, String(kind !== 'load'), rights);
}

function count(operation: string, writes: string, { counted }: Rights): string {
  if (counted === 'shared') return `this.place.accesses.addShared(this.name, ${operation});`;
  return counted === 'owned' ? `this.place.accesses.addOwned(this.place.ownedIndex, ${writes});` : '';
}

const refusal = (operation: string, does: 'reads' | 'writes', { rule }: Rights): string =>
  `refuse('${does} ' + this.name + ' (' + ${operation} + ')', ${JSON.stringify(rule)});`;

/** Returns the code that replaces the operand of an operation, which is a facet, by its cell. */
function operand(operation: string, { isGhost }: Rights): string {
  const known = operands[operation];
  if (known === undefined) return '';
  const { argument, kind } = known;
  const name = 'abc'[argument];
  return `${name} = unwrap(${name}, '${operation}', '${kind}', ${isGhost});`;
}

function unwrap(value: unknown, operation: string, kind: AccessKind, ofGhost: boolean): unknown {
  if (!(value instanceof Facet)) return value;
  value.asOperand(operation, kind, ofGhost);
  return value.cell;
}
