import type { Cell } from '../model/cell.ts';
import type { Instance } from '../model/instance.ts';
import { didYouMean } from '../model/nearest-name.ts';
import type { Roles } from '../model/system-types.ts';
import type { Path, Range } from './ast.ts';
import { expressionError } from './expression-error.ts';

/** Most names that a remedy lists. */
const maxListed = 16;

/** The names that an expression may use: those of a design at given params, and of the roles that quantifiers bind. */
export class Scope {
  readonly text: string;
  readonly instance: Instance;
  /** by role: the ids of its actors */
  readonly roles: ReadonlyMap<string, readonly number[]>;
  /** by path: the cells of memory and registers */
  private readonly cells: ReadonlyMap<string, Cell>;
  /** by role: the actor that a quantifier binds it to */
  private bound = new Map<string, number>();

  constructor(text: string, instance: Instance) {
    const { actors, cells, design } = instance;
    this.text = text;
    this.instance = instance;
    this.roles = new Map(
      Object.keys(design.system.spec.actors as Roles).map((role) => [
        role,
        actors.filter((actor) => actor.role === role).map(({ id }) => id),
      ]),
    );
    this.cells = new Map(cells.flatMap(({ region, plain }) => (region === 'control' ? [] : [[plain.name, plain]])));
  }

  /** Returns the id of the actor that a name stands for, if it does. */
  actorOf(name: string): number | undefined {
    return this.bound.get(name) ?? this.instance.actors.find((actor) => actor.name === name)?.id;
  }

  /** Evaluates something for each actor of a role, with the name of the role bound to it. */
  forEach<T>(role: string, evaluate: () => T): T[] {
    const outer = this.bound;
    const results = (this.roles.get(role) ?? []).map((actor) => {
      this.bound = new Map(outer).set(role, actor);
      return evaluate();
    });
    this.bound = outer;
    return results;
  }

  /** Returns the cell with a path, if there is one. */
  cell(path: string): Cell | undefined {
    return this.cells.get(path);
  }

  /** Returns the names of the cells of a region, or of the registers of an actor. Lists have one name. */
  cellsIn(owner: string): string[] {
    const prefix = `${owner}.`;
    const own = [...this.cells.keys()].filter((path) => path.startsWith(prefix));
    return [...new Set(own.map((path) => path.slice(prefix.length).replace(/\[\d+\]$/, '')))];
  }

  /** Returns the names of all memory regions. */
  get regions(): string[] {
    const owners = [...this.cells.keys()].map((path) => path.slice(0, path.indexOf('.')));
    return [...new Set(owners)].filter((owner) => this.actorOf(owner) === undefined);
  }

  /** Throws the error for a mistake at a place of the text. */
  refuse(at: Range, cause: string, remedy: string): never {
    throw expressionError(this.text, at, cause, remedy);
  }

  /**
   * Throws the error for a name that nothing has.
   * @param lack what lacks the name: `vcpu0 has no register`
   */
  refuseName(at: Range, lack: string, name: string, known: readonly string[]): never {
    const listed = `${known.slice(0, maxListed).join(', ')}${known.length > maxListed ? ' ...' : ''}`;
    const remedy = known.length > 0 ? `there are ${listed}` : 'there is none';
    return this.refuse(at, `${lack} '${name}'${didYouMean(name, known)}`, remedy);
  }
}

/** Returns the place of the nth name of a path. */
export function placeOfName({ names, at }: Path, n: number): Range {
  const start = at.start + names.slice(0, n).reduce((sum, name) => sum + name.length + 1, 0);
  return { start, end: start + (names[n]?.length ?? 0) };
}
