import type { Program } from '../../compile/program.ts';
import type { SystemEvent } from '../../model/events.ts';
import { ChoiceIds } from '../../model/schedule.ts';

/** What makes a schedule easy to read, in the order of what counts most: few steps, few context switches, low numbers first. */
export interface ScheduleCost {
  readonly steps: number;
  /** how often a step is another actor's than the step before it */
  readonly switches: number;
  readonly path: readonly number[];
}

/** A longest window in which the steps of one actor are left out together. */
const longestWindow = 16;

/** Proposes schedules that may do what a given one does and are easier to read. */
export class ShrinkCandidates {
  private readonly actorOf: readonly number[];
  private readonly renamings: readonly (readonly number[])[];

  constructor(program: Program) {
    const choices = new ChoiceIds(program.events);
    const all = Array.from({ length: choices.count }, (_, number) => choices.choiceOf(number));
    this.actorOf = all.map(({ event }) => program.events[event]?.actor as number);
    this.renamings = renamingsOf(program);
  }

  sizeOf(path: readonly number[]): ScheduleCost {
    let switches = 0;
    for (let n = 1; n < path.length; n++) if (this.actor(path, n) !== this.actor(path, n - 1)) switches++;
    return { steps: path.length, switches, path };
  }

  /** Whether `one` is easier to read than `other`. */
  isSimpler(one: ScheduleCost, other: ScheduleCost): boolean {
    if (one.steps !== other.steps) return one.steps < other.steps;
    if (one.switches !== other.switches) return one.switches < other.switches;
    const at = one.path.findIndex((number, n) => number !== other.path[n]);
    return at >= 0 && one.path[at] < other.path[at];
  }

  /** All proposals, those first that are likely to save most. A step that cannot be taken any more is to be left out. */
  *candidates(path: readonly number[]): Generator<number[]> {
    yield* this.shorter(path);
    yield* this.withFewerSwitches(path);
    yield* this.inOrder(path);
  }

  *shorter(path: readonly number[]): Generator<number[]> {
    yield* this.withoutChunk(path);
    yield* this.withoutStepsOfOne(path);
    yield* this.withAnotherChoice(path);
  }

  private *withoutChunk(path: readonly number[]): Generator<number[]> {
    for (let size = path.length >> 1; size >= 1; size = size > 8 ? size >> 1 : size - 1) {
      for (let from = path.length - size; from >= 0; from -= size > 8 ? size >> 1 : 1) {
        const kept = path.slice(0, from);
        const rest = path.slice(from + size);
        yield [...kept, ...rest];
        // The actors of the chunk, but one.
        if (size < 2) continue;
        const chunk = path.slice(from, from + size);
        for (const actor of new Set(chunk.map((number) => this.actorOf[number]))) {
          yield [...kept, ...chunk.filter((number) => this.actorOf[number] === actor), ...rest];
        }
      }
    }
  }

  private *withoutStepsOfOne(path: readonly number[]): Generator<number[]> {
    for (const actor of new Set(path.map((number) => this.actorOf[number]))) {
      const places = path.flatMap((number, n) => (this.actorOf[number] === actor ? [n] : []));
      for (let size = Math.min(longestWindow, places.length); size >= 2; size--) {
        for (let from = places.length - size; from >= 0; from--) {
          const left = new Set(places.slice(from, from + size));
          yield path.filter((_, n) => !left.has(n));
        }
      }
    }
  }

  /** Lets an actor do one other thing instead of several: what was a consequence of those cannot be taken, and falls out. */
  private *withAnotherChoice(path: readonly number[]): Generator<number[]> {
    for (const actor of new Set(path.map((number) => this.actorOf[number]))) {
      const places = path.flatMap((number, n) => (this.actorOf[number] === actor ? [n] : []));
      const others = this.actorOf.flatMap((one, number) => (one === actor ? [number] : []));
      for (let size = Math.min(longestWindow, places.length); size >= 1; size--) {
        for (let from = places.length - size; from >= 0; from--) {
          const last = places[from + size - 1];
          const left = new Set(places.slice(from, from + size));
          for (const other of others) {
            if (other !== path[last])
              yield path.flatMap((number, n) => (n === last ? [other] : left.has(n) ? [] : [number]));
          }
        }
      }
    }
  }

  /** Joins what an actor does now with what it did before or does after. */
  *withFewerSwitches(path: readonly number[]): Generator<number[]> {
    const runs = this.runsOf(path);
    for (let later = 2; later < runs.length; later++) {
      for (let earlier = later - 2; earlier >= 0; earlier--) {
        if (this.actor(runs[earlier], 0) !== this.actor(runs[later], 0)) continue;
        const [before, between] = [runs.slice(0, earlier), runs.slice(earlier + 1, later)];
        const [first, second] = [runs[earlier], runs[later]];
        const after = runs.slice(later + 1);
        yield [...before, first, second, ...between, ...after].flat();
        yield [...before, ...between, first, second, ...after].flat();
        for (let part = 1; part < second.length; part++) {
          yield [...before, first, second.slice(0, part), ...between, second.slice(part), ...after].flat();
        }
        break;
      }
    }
  }

  /** Other names for pages and actors, and runs of steps that change places. */
  *inOrder(path: readonly number[]): Generator<number[]> {
    for (const renaming of this.renamings) yield path.map((number) => renaming[number]);
    const runs = this.runsOf(path);
    for (let n = 1; n < runs.length; n++) {
      const swapped = [...runs];
      swapped.splice(n - 1, 2, runs[n], runs[n - 1]);
      yield swapped.flat();
    }
  }

  /** Cuts a schedule where the actor changes. */
  private runsOf(path: readonly number[]): number[][] {
    const runs: number[][] = [];
    for (const [n, number] of path.entries()) {
      if (n > 0 && this.actor(path, n) === this.actor(path, n - 1)) runs.at(-1)?.push(number);
      else runs.push([number]);
    }
    return runs;
  }

  private actor(path: readonly number[], n: number): number {
    return this.actorOf[path[n]];
  }
}

/** All ways to let two pages, or two actors of a role, change places: by choice the other one. */
function renamingsOf(program: Program): number[][] {
  const { events } = program;
  const choices = new ChoiceIds(events);
  const find = (actor: number, type: string, from: number | undefined): SystemEvent | undefined =>
    events.find((event) => event.actor === actor && event.type === type && event.from === from);
  const renaming = (rename: (event: SystemEvent, payload: number) => [SystemEvent | undefined, number]): number[] =>
    Array.from({ length: choices.count }, (_, number) => {
      const { event: id, payload } = choices.choiceOf(number);
      const [event, other] = rename(events[id], payload);
      return event === undefined ? number : choices.firstOf(event.id) + other;
    });
  const payloads = events.flatMap(({ field, domain }) => (field === undefined ? [] : pairs(domain, field)));
  const fields = new Map(payloads.map((pair) => [pair.join(), pair]));
  const { actors } = program.instance;
  const players = actors.flatMap(({ role }, one) =>
    actors.flatMap((actor, other) => (actor.role === role && one < other ? [[one, other] as const] : [])),
  );
  return [
    ...players.map(([one, other]) => {
      const swap = (actor: number): number => (actor === one ? other : actor === other ? one : actor);
      return renaming(({ actor, type, from }, payload) => [
        find(swap(actor), type, from === undefined ? undefined : swap(from)),
        payload,
      ]);
    }),
    ...[...fields.values()].map(([field, one, other]) =>
      renaming((event, payload) => {
        const isNamed = event.field === field;
        return [event, isNamed && payload === one ? other : isNamed && payload === other ? one : payload];
      }),
    ),
  ];
}

function pairs(domain: number, field: string): [string, number, number][] {
  return Array.from({ length: domain }, (_, one) =>
    Array.from({ length: domain - one - 1 }, (_, n): [string, number, number] => [field, one, one + 1 + n]),
  ).flat();
}
