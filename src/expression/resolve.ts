import { Bitmap } from '../model/bitmap.ts';
import type { Cell } from '../model/cell.ts';
import { Bit, Counter } from '../model/counter.ts';
import type { Messages } from '../model/messages.ts';
import type { Queue } from '../model/queue.ts';
import type { Path, Range, Value } from './ast.ts';
import { placeOfName, type Scope } from './scope.ts';

/** A state, as `View` gives it: the names were checked before. */
export interface StateView {
  inState(actor: number, state: string): boolean;
  registers(actor: number): Readonly<Record<string, unknown>>;
  readonly is: Readonly<Record<string, { of(actor: number): boolean }>>;
  readonly posted: Readonly<Record<string, { waitsFor(actor: number): boolean }>>;
  /** memory regions */
  readonly [region: string]: unknown;
}

type Read<T> = (view: StateView) => T;

/** What a value is, and how to read it. An actor is its id; none is -1, and what is not there is NaN. */
export type Resolved =
  | { readonly kind: 'number'; readonly max?: number; readonly read: Read<number> }
  | { readonly kind: 'actor'; readonly read: Read<number> }
  | { readonly kind: 'bit'; readonly read: Read<boolean> }
  | { readonly kind: 'bitmap'; readonly cell: Bitmap; readonly read: Read<Bitmap> }
  | { readonly kind: 'queue'; readonly cell: Queue; readonly read: Read<Queue> }
  | { readonly kind: 'list'; readonly name: string; readonly read: Read<(n: number) => Cell> }
  | { readonly kind: 'mail'; readonly read: Read<{ waitsFor(actor: number): boolean }> };

/** id of no actor */
const none = -1;

/** Resolves the names and indexes of a path. */
export function resolvePath(path: Path, scope: Scope, resolveIndex: (value: Value) => Resolved): Resolved {
  let resolved = resolveNames(path, scope);
  for (const index of path.indexes) resolved = atIndex(resolved, index, resolveIndex(index), { path, scope });
  if (resolved.kind !== 'list' && resolved.kind !== 'mail') return resolved;
  const remedy =
    resolved.kind === 'list' ? `ask for one of its cells: ${nameOf(path)}[0]` : 'ask for an actor: [vcpu0]';
  return scope.refuse(path.at, `${nameOf(path)} is a list`, remedy);
}

const nameOf = ({ names }: Path): string => names.join('.');

function resolveNames(path: Path, scope: Scope): Resolved {
  const [first, second, ...others] = path.names;
  if (others.length > 0)
    scope.refuse(placeOfName(path, 2), `${first}.${second} has no parts`, 'name a cell or register');
  const actor = scope.actorOf(first);
  if (second === undefined) {
    if (actor !== undefined) return { kind: 'actor', read: () => actor };
    if (first === 'nobody') return { kind: 'actor', read: () => none };
    return refuseFirst(path, scope);
  }
  if (actor !== undefined) return registerOf(actor, second, path, scope);
  if (first === 'params') return paramCalled(second, path, scope);
  if (first === 'posted') return mailOf(second, path, scope);
  if (!scope.regions.includes(first)) return refuseFirst(path, scope);
  return cellOf(first, second, path, scope);
}

function refuseFirst(path: Path, scope: Scope): never {
  const [first] = path.names;
  const { regions, roles, instance } = scope;
  const members = roles.get(first);
  if (members?.length === 0) scope.refuse(path.at, `there is no ${first} at these params`, 'give params with one');
  if (members) {
    const names = members.map((id) => instance.actors[id]?.name).join(', ');
    scope.refuse(path.at, `${first} is a role`, `name an actor: ${names}; or write any ${first}, all ${first}`);
  }
  if (regions.includes(first)) {
    scope.refuse(path.at, `${first} is a memory region`, `name one of its cells: ${scope.cellsIn(first).join(', ')}`);
  }
  const known = [...instance.actors.map(({ name }) => name), ...roles.keys(), ...regions, 'params', 'posted', 'nobody'];
  return scope.refuseName(placeOfName(path, 0), 'there is no actor or memory region', first, [...new Set(known)]);
}

function registerOf(actor: number, register: string, path: Path, scope: Scope): Resolved {
  const { name } = scope.instance.actors[actor] as { name: string };
  const cell = scope.cell(`${name}.${register}`);
  if (!cell) return scope.refuseName(placeOfName(path, 1), `${name} has no register`, register, scope.cellsIn(name));
  const read: Read<unknown> = (view) => view.registers(actor)[register];
  if (cell instanceof Counter) return counterAs(cell, read as Read<number>);
  return cell instanceof Bit ? { kind: 'bit', read: read as Read<boolean> } : collection(cell, read as Read<Cell>);
}

function paramCalled(name: string, path: Path, scope: Scope): Resolved {
  const { params } = scope.instance;
  const value = params[name];
  if (value === undefined)
    return scope.refuseName(placeOfName(path, 1), 'there is no param', name, Object.keys(params));
  return { kind: 'number', read: () => value };
}

function mailOf(type: string, path: Path, scope: Scope): Resolved {
  const posted = Object.entries<Messages[string]>(scope.instance.messages).filter(
    ([, { delivery }]) => delivery === 'posted',
  );
  const types = posted.map(([name]) => name);
  if (!types.includes(type)) return scope.refuseName(placeOfName(path, 1), 'there is no posted message', type, types);
  return { kind: 'mail', read: ({ posted }) => posted[type] as { waitsFor(actor: number): boolean } };
}

function cellOf(region: string, name: string, path: Path, scope: Scope): Resolved {
  const memory: Read<unknown> = (view) => (view[region] as Readonly<Record<string, unknown>>)[name];
  const cell = scope.cell(`${region}.${name}`);
  if (cell) return cellAs(cell, memory as Read<Cell>);
  if (scope.cell(`${region}.${name}[0]`)) {
    return { kind: 'list', name: `${region}.${name}`, read: memory as Read<(n: number) => Cell> };
  }
  return scope.refuseName(placeOfName(path, 1), `${region} has no cell`, name, scope.cellsIn(region));
}

function cellAs(cell: Cell, read: Read<Cell>): Resolved {
  if (cell instanceof Counter) return counterAs(cell, (view) => (read(view) as Counter).get());
  if (cell instanceof Bit) return { kind: 'bit', read: (view) => (read(view) as Bit).get() };
  return collection(cell, read);
}

function collection(cell: Cell, read: Read<Cell>): Resolved {
  return cell instanceof Bitmap
    ? { kind: 'bitmap', cell, read: read as Read<Bitmap> }
    : { kind: 'queue', cell: cell as Queue, read: read as Read<Queue> };
}

function counterAs({ names, max }: Counter, read: Read<number>): Resolved {
  if (names === undefined) return { kind: 'number', max, read };
  return { kind: 'actor', read: (view) => actorIn(read(view), max) };
}

/** Returns the id of an actor in a cell, which holds `nobody` for none. */
const actorIn = (value: number, nobody: number): number => (value === nobody ? none : value);

interface Place {
  readonly path: Path;
  readonly scope: Scope;
}

function atIndex(of: Resolved, index: Value, resolved: Resolved, { path, scope }: Place): Resolved {
  const name = nameOf(path);
  if (of.kind === 'mail') {
    if (resolved.kind !== 'actor') return scope.refuse(index.at, 'this is no actor', `name one: ${name}[vcpu0]`);
    const { read } = resolved;
    return { kind: 'bit', read: testOf(read, (view, actor) => of.read(view).waitsFor(actor)) };
  }
  if (of.kind === 'list') {
    const read = indexInto(`${name} has cells`, countOf(of.name, scope), index, resolved, scope);
    return cellAs(scope.cell(`${of.name}[0]`) as Cell, (view) => of.read(view)(read(view)));
  }
  if (of.kind === 'bitmap') {
    const read = of.cell.names
      ? memberOf(resolved, index.at, scope)
      : indexInto(`${name} has bits`, of.cell.bits, index, resolved, scope);
    return { kind: 'bit', read: testOf(read, (view, bit) => of.read(view).has(bit)) };
  }
  if (of.kind === 'queue') {
    const read = indexInto(`${name} has values`, of.cell.capacity, index, resolved, scope);
    return {
      kind: of.cell.names ? 'actor' : 'number',
      read: (view) => {
        const queue = of.read(view);
        const n = read(view);
        return n < queue.count() ? queue.at(n) : Number.NaN;
      },
    };
  }
  return scope.refuse(index.at, `${name} is a single value`, 'leave the index out');
}

/** Returns a test of a value that is false where the value is not there: where it is nobody, or that of no place. */
export const testOf =
  (read: Read<number>, test: (view: StateView, value: number) => boolean): Read<boolean> =>
  (view) => {
    const value = read(view);
    return value >= 0 && test(view, value);
  };

/** Returns the number of cells of a list. */
function countOf(name: string, scope: Scope): number {
  let count = 0;
  while (scope.cell(`${name}[${count}]`)) count++;
  return count;
}

/** Returns what reads an index, which must be a number below `size` if it is constant. */
function indexInto(what: string, size: number, index: Value, resolved: Resolved, scope: Scope): Read<number> {
  if (resolved.kind !== 'number') return scope.refuse(index.at, 'this index is no number', `${what} 0 to ${size - 1}`);
  if (index.type === 'integer' && index.value >= size) {
    scope.refuse(index.at, `there is no ${index.value}`, `${what} 0 to ${size - 1}`);
  }
  return resolved.read;
}

/** Returns what reads the id of an actor. */
export function memberOf(resolved: Resolved, at: Range, scope: Scope): Read<number> {
  if (resolved.kind === 'actor') return resolved.read;
  return scope.refuse(at, 'this is no actor', `name one: ${scope.instance.actors.map(({ name }) => name).join(', ')}`);
}
