import type { Value } from './operation.ts';
import type { CellReference, CellType, Expression, MachineSpecification, Specification } from './specification.ts';
import { Statechart } from './statechart.ts';
import { initialValue } from './values.ts';

/** An actor of a system. Its id is its index in the list. */
export interface Actor {
  readonly name: string;
  readonly role: string;
  readonly nth: number;
  readonly machine: MachineSpecification;
  readonly chart: Statechart;
}

/** A cell of memory or a register. */
export interface Cell {
  readonly name: string;
  readonly kind: 'shared' | 'owned' | 'ghost' | 'register';
  readonly type: CellType;
}

/** A store that waits in a store buffer: of a number to a word of a cell, or a message. */
export type Store =
  | { readonly cell: number; readonly word: number; readonly value: number }
  | { readonly message: string; readonly to: number };

/** A state of a system. States are never changed. */
export interface State {
  /** by actor: the leaf of its machine */
  readonly at: readonly string[];
  /** by cell */
  readonly cells: readonly Value[];
  /** the posted messages that wait, `receiver type sender` each, sorted */
  readonly mail: readonly string[];
  /** by actor: the stores that wait, the oldest first */
  readonly buffers: readonly (readonly Store[])[];
}

/** Returns a text that equal states have in common, and no others. */
export const keyOf = (state: State): string => JSON.stringify([state.at, state.cells, state.mail, state.buffers]);

/** The choices of a scheduler. */
export type Choice =
  | { readonly kind: 'own'; readonly actor: number; readonly type: string; readonly payload: number }
  | { readonly kind: 'delivery'; readonly actor: number; readonly type: string; readonly from: number }
  | { readonly kind: 'drain'; readonly actor: number };

/** A specification with its actors, cells and choices in lists. */
export class System {
  readonly actors: readonly Actor[];
  readonly cells: readonly Cell[];
  readonly choices: readonly Choice[];
  private readonly cellIndex: ReadonlyMap<string, number>;

  constructor(readonly specification: Specification) {
    const { roles, machines, cells, messages, memoryModel } = specification;
    const charts = new Map(Object.entries(machines).map(([name, machine]) => [name, new Statechart(machine)]));
    this.actors = roles.flatMap(({ name, count, machine }) =>
      Array.from({ length: count === 'one' ? 1 : count }, (_, nth) => ({
        name: count === 'one' ? name : `${name}${nth}`,
        role: name,
        nth,
        machine: machines[machine] as MachineSpecification,
        chart: charts.get(machine) as Statechart,
      })),
    );
    const memory = cells.flatMap(({ region, kind, name, list, cell: type }): Cell[] =>
      list === undefined
        ? [{ name: `${region}.${name}`, kind, type }]
        : Array.from({ length: list }, (_, n) => ({ name: `${region}.${name}[${n}]`, kind, type })),
    );
    const registers = this.actors.flatMap((actor) =>
      Object.entries(actor.machine.registers).map(
        ([register, type]): Cell => ({ name: `${actor.name}.${register}`, kind: 'register', type }),
      ),
    );
    this.cells = [...memory, ...registers];
    this.cellIndex = new Map(this.cells.map(({ name }, n) => [name, n]));
    const own = this.actors.flatMap(({ machine, chart }, actor) =>
      Object.entries(machine.events).flatMap(([type, { size = 1 }]) =>
        chart.events.has(type)
          ? Array.from({ length: size }, (_, payload): Choice => ({ kind: 'own', actor, type, payload }))
          : [],
      ),
    );
    const posted = Object.keys(messages).filter((type) => messages[type]?.delivery === 'posted');
    const deliveries = this.actors.flatMap(({ chart }, actor) =>
      posted
        .filter((type) => chart.events.has(type))
        .flatMap((type) => this.actors.map((_, from): Choice => ({ kind: 'delivery', actor, type, from }))),
    );
    const drains = memoryModel === 'tso' ? this.actors.map((_, actor): Choice => ({ kind: 'drain', actor })) : [];
    this.choices = [...own, ...deliveries, ...drains];
  }

  /** Returns the index of a cell that a part of an actor refers to, or -1 if a list is not that long. */
  find(reference: CellReference, actor: number, evaluator: { evaluate(index: Expression): number }): number {
    if ('register' in reference) return this.indexOf(`${this.actors[actor]?.name}.${reference.register}`);
    const name = `${reference.region}.${reference.name}`;
    return this.indexOf(reference.index === undefined ? name : `${name}[${evaluator.evaluate(reference.index)}]`);
  }

  /** Returns the index of a cell, or -1. */
  indexOf(name: string): number {
    return this.cellIndex.get(name) ?? -1;
  }

  /** Returns the id of an actor of a role; NaN if there is none. */
  actorOf(role: string, nth: number): number {
    const id = this.actors.findIndex((actor) => actor.role === role && actor.nth === nth);
    return id < 0 ? Number.NaN : id;
  }

  /** Returns the state in which no actor has begun: each machine in its first leaf, memory at its initial values. */
  blank(): State {
    return {
      at: this.actors.map(({ chart }) => chart.leaves[0] as string),
      cells: this.cells.map(({ type }) => initialValue(type)),
      mail: [],
      buffers: this.specification.memoryModel === 'tso' ? this.actors.map(() => []) : [],
    };
  }
}
