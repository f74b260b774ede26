import type { Program } from '../../compile/program.ts';
import { ChoiceIds } from '../../model/choices.ts';
import type { SystemEvent } from '../../model/events.ts';

/** Cost of a schedule to its reader, most significant part first. */
export interface ScheduleCost {
  readonly steps: number;
  /** number of context switches */
  readonly switches: number;
  /** compared lexicographically */
  readonly path: readonly number[];
}

/** Most steps of one actor that a candidate removes together. */
const maxWindow = 16;
/** A payload is exchanged with values below this one that the schedule does not have. */
const maxUnusedPayloads = 256;

/** Generates the schedules that shrinking tries instead of a given one. */
export class ShrinkCandidates {
  private readonly actorOf: readonly number[];
  private readonly transpositions: Transpositions;

  constructor(program: Program) {
    const ids = new ChoiceIds(program.events);
    const all = Array.from({ length: ids.count }, (_, id) => ids.choiceOf(id));
    this.actorOf = all.map(({ event }) => program.events[event]?.actor as number);
    this.transpositions = new Transpositions(program);
  }

  costOf(path: readonly number[]): ScheduleCost {
    let switches = 0;
    for (let n = 1; n < path.length; n++) if (this.actor(path, n) !== this.actor(path, n - 1)) switches++;
    return { steps: path.length, switches, path };
  }

  /** Returns true if the first cost is less than the second. */
  isSimpler(one: ScheduleCost, other: ScheduleCost): boolean {
    if (one.steps !== other.steps) return one.steps < other.steps;
    if (one.switches !== other.switches) return one.switches < other.switches;
    const at = one.path.findIndex((choice, n) => choice !== other.path[n]);
    return at >= 0 && one.path[at] < other.path[at];
  }

  /**
   * Generates all candidates, those first that are likely to save most. Choices that become disabled are to be dropped.
   */
  *candidates(path: readonly number[]): Generator<number[]> {
    yield* this.shorter(path);
    yield* this.withFewerSwitches(path);
    yield* this.inCanonicalOrder(path);
  }

  /** Generates candidates of fewer steps. */
  *shorter(path: readonly number[]): Generator<number[]> {
    yield* this.withoutChunk(path);
    yield* this.withoutWindow(path);
    yield* this.withWindowReplaced(path);
  }

  /** Removes a chunk of consecutive steps, or all of it but the steps of one actor. */
  private *withoutChunk(path: readonly number[]): Generator<number[]> {
    for (let size = path.length >> 1; size >= 1; size = size > 8 ? size >> 1 : size - 1) {
      for (let from = path.length - size; from >= 0; from -= size > 8 ? size >> 1 : 1) {
        const before = path.slice(0, from);
        const after = path.slice(from + size);
        yield [...before, ...after];
        if (size < 2) continue;
        const chunk = path.slice(from, from + size);
        for (const actor of new Set(chunk.map((choice) => this.actorOf[choice]))) {
          yield [...before, ...chunk.filter((choice) => this.actorOf[choice] === actor), ...after];
        }
      }
    }
  }

  /** Removes a window: several steps of one actor that follow each other but for steps of other actors. */
  private *withoutWindow(path: readonly number[]): Generator<number[]> {
    for (const actor of this.actorsOf(path)) {
      for (const window of windowsOf(this.positionsOf(actor, path), 2)) {
        const removed = new Set(window);
        yield path.filter((_, n) => !removed.has(n));
      }
    }
  }

  /** Replaces a window by one other choice of its actor. */
  private *withWindowReplaced(path: readonly number[]): Generator<number[]> {
    for (const actor of this.actorsOf(path)) {
      const replacements = this.actorOf.flatMap((other, choice) => (other === actor ? [choice] : []));
      for (const window of windowsOf(this.positionsOf(actor, path), 1)) {
        const last = window.at(-1) as number;
        const removed = new Set(window);
        for (const replacement of replacements) {
          if (replacement === path[last]) continue;
          yield path.flatMap((choice, n) => (n === last ? [replacement] : removed.has(n) ? [] : [choice]));
        }
      }
    }
  }

  /** Generates candidates that join two runs of an actor, or move steps from the later run to the earlier. */
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
        for (let moved = 1; moved < second.length; moved++) {
          yield [...before, first, second.slice(0, moved), ...between, second.slice(moved), ...after].flat();
        }
        break;
      }
    }
  }

  /** Generates candidates of the same length that exchange two pages, two actors of a role, or two adjacent runs. */
  *inCanonicalOrder(path: readonly number[]): Generator<number[]> {
    for (const image of this.transpositions.of(path)) yield path.map(image);
    const runs = this.runsOf(path);
    for (let n = 1; n < runs.length; n++) {
      const swapped = [...runs];
      swapped.splice(n - 1, 2, runs[n], runs[n - 1]);
      yield swapped.flat();
    }
  }

  /** Splits a schedule into runs: maximal sequences of steps of one actor. */
  private runsOf(path: readonly number[]): number[][] {
    const runs: number[][] = [];
    for (const [n, choice] of path.entries()) {
      if (n > 0 && this.actor(path, n) === this.actor(path, n - 1)) runs.at(-1)?.push(choice);
      else runs.push([choice]);
    }
    return runs;
  }

  private actorsOf(path: readonly number[]): Set<number> {
    return new Set(path.map((choice) => this.actorOf[choice]));
  }

  private positionsOf(actor: number, path: readonly number[]): number[] {
    return path.flatMap((choice, n) => (this.actorOf[choice] === actor ? [n] : []));
  }

  private actor(path: readonly number[], n: number): number {
    return this.actorOf[path[n]];
  }
}

/** Generates the windows of at least `minSize` positions, the longest and the last ones first. */
function* windowsOf(positions: readonly number[], minSize: number): Generator<number[]> {
  for (let size = Math.min(maxWindow, positions.length); size >= minSize; size--) {
    for (let from = positions.length - size; from >= 0; from--) yield positions.slice(from, from + size);
  }
}

/** Returns the image of a choice, by id. */
type Transposition = (choice: number) => number;

/** The transpositions of two actors of a role, and of two values of a payload: each maps choices to choices. */
class Transpositions {
  private readonly ids: ChoiceIds;

  constructor(private readonly program: Program) {
    this.ids = new ChoiceIds(program.events);
  }

  /**
   * Generates those that may lead to a simpler schedule of the same length: they move an actor or a value that the
   * schedule has to a lower place.
   */
  *of(path: readonly number[]): Generator<Transposition> {
    yield* this.ofActors(path);
    yield* this.ofPayloads(path);
  }

  private *ofActors(path: readonly number[]): Generator<Transposition> {
    const { events, instance } = this.program;
    const used = new Set<number>();
    for (const choice of path) {
      const { actor, from } = this.eventOf(choice);
      used.add(actor);
      if (from !== undefined) used.add(from);
    }
    const { actors } = instance;
    for (const [one, { role }] of actors.entries()) {
      for (const other of used) {
        if (other <= one || actors[other].role !== role) continue;
        const swap = (actor: number): number => (actor === one ? other : actor === other ? one : actor);
        yield (choice) => {
          const { payload } = this.ids.choiceOf(choice);
          const { actor, type, from } = this.eventOf(choice);
          const image = events.find(
            (event) =>
              event.actor === swap(actor) &&
              event.type === type &&
              event.from === (from === undefined ? undefined : swap(from)),
          );
          return image === undefined || payload >= image.domain ? choice : this.ids.firstOf(image.id) + payload;
        };
      }
    }
  }

  /** The values of one name may be of several ranges. A value that an event does not have is exchanged in others. */
  private *ofPayloads(path: readonly number[]): Generator<Transposition> {
    /** by name of a payload: the values that the schedule has */
    const used = new Map<string, Set<number>>();
    for (const choice of path) {
      const { field } = this.eventOf(choice);
      if (field === undefined) continue;
      const values = used.get(field) ?? new Set();
      used.set(field, values.add(this.ids.choiceOf(choice).payload));
    }
    for (const [field, values] of used) {
      const highest = Math.max(...values);
      for (let one = 0; one < highest; one++) {
        if (one >= maxUnusedPayloads && !values.has(one)) continue;
        for (const other of [...values].sort((a, b) => a - b)) {
          if (other <= one) continue;
          yield (choice) => {
            const event = this.eventOf(choice);
            const { payload } = this.ids.choiceOf(choice);
            if (event.field !== field || other >= event.domain) return choice;
            const image = payload === one ? other : payload === other ? one : payload;
            return this.ids.firstOf(event.id) + image;
          };
        }
      }
    }
  }

  private eventOf(choice: number): SystemEvent {
    return this.program.events[this.ids.choiceOf(choice).event];
  }
}
