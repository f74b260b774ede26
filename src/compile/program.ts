import type { AnyDesign } from '../model/design.ts';
import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';
import type { OwnedSets } from '../model/owned-sets.ts';
import type { Property, Step } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import type { Microsteps } from './microsteps.ts';
import type { FlatTransition, TransitionInfo } from './transition-tables.ts';

/**
 * The outcome of a step: guards refused it, it was taken, or it violates `well-formed`.
 * @example
 * if (program.step(event, payload) === StepOutcome.fault) console.error(program.fault());
 */
export const StepOutcome = { refused: 0, taken: 1, fault: 2 } as const;
export type StepOutcome = (typeof StepOutcome)[keyof typeof StepOutcome];

/**
 * A compiled design at given params: what an engine drives. It has one current state, the words of `state`. All methods
 * read that state and change it in place; an engine that explores saves and restores its words.
 * @example
 * const program = compile(design, { vcpus: 2, pages: 1 });
 * program.reset();
 * const events = new Int32Array(program.events.length);
 * const count = program.enabled(events);
 */
export interface Program {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  /** the current state; its length is the number of 32-bit words of a state */
  readonly state: Int32Array;
  readonly events: readonly SystemEvent[];
  /** names of the actors, by id */
  readonly actors: readonly string[];
  readonly properties: readonly Property[];
  /** transitions of all machines */
  readonly transitions: readonly TransitionInfo[];
  /** by transition: how often it was taken, as the first microstep of a step or a later one */
  readonly counts: Float64Array;
  /** flat transitions of all machines, which `microsteps` refers to */
  readonly flatTransitions: readonly FlatTransition[];
  /** microsteps of the last step */
  readonly microsteps: Microsteps;
  readonly instance: Instance;
  /** the sets of accesses to owned memory, which have ids */
  readonly ownedSets: OwnedSets;
  /** cached successors of the current state; undefined if nothing is cached */
  readonly successors?: SuccessorSource;

  /** memory of what it has cached, in bytes */
  readonly cacheBytes: number;

  /** Limits the memory of what it caches. A full cache learns nothing more. */
  limitCache(bytes: number): void;
  /** Moves to the initial state. */
  reset(): StepOutcome;
  /**
   * Writes the ids of the events that have a transition, and returns their number. A guard may still refuse one, or a
   * payload of it.
   */
  enabled(out: Int32Array): number;
  /** Takes an event. If it is refused, the state does not change. */
  step(event: number, payload: number): StepOutcome;
  /**
   * Returns the spontaneous events of an actor that have a transition. A guard may still refuse one, or a payload of
   * it.
   */
  enabledOf(actor: number): Int32Array;
  /** Returns whether the actor of an event has a transition for it in its current state. Guards are not evaluated. */
  accepts(event: number): boolean;
  /** Returns the index in `transitions` of the first microstep of the last step; -1 after `reset`. */
  lastTransition(): number;
  /** Returns the last step, as covers see it. */
  lastStep(): Step;
  /**
   * Returns the index in `properties` of the first invariant that the current state violates, or -1.
   * @param from looks at invariants from this index on
   */
  violated(from?: number): number;
  /**
   * Calls `hit` with the index in `properties` of each cover that the last step or the current state hits.
   * @param open covers to evaluate; `hit` may remove the one it is called with
   */
  covers(open: readonly number[], hit: (property: number) => void): void;
  /**
   * Returns the index in `properties` of the first one that the current state violates if it has no successor, or -1.
   * @param from looks at properties from this index on
   */
  violatedByDeadlock(from?: number): number;
  /** Returns the reason of the last fault. */
  fault(): string;
  /**
   * Takes steps of the search again, the last ones first. An engine calls it before it returns its result.
   * @throws PrecopyError `BAD_DESIGN` if one does something else now: it depends on more than the state
   */
  repeatSteps(): void;
  /**
   * Sets the entries, by index in `transitions`, of those that were taken in a step so far, as the first microstep or a
   * later one.
   */
  markTaken(transitions: Int32Array): void;
  /**
   * Returns the id in `ownedSets` of what the last step accessed of owned memory, or of what the guards accessed that
   * refused it.
   */
  ownedAccesses(): number;
  /**
   * Returns why the current state is a race for owned memory: choices of two actors access one cell, and one of them
   * writes it. Undefined if it is none. The last step is undefined afterwards.
   */
  ownedRace(): string | undefined;
}

/** What a cached step does in all states that agree in the fields that it accesses. */
interface CachedEffect {
  readonly outcome: StepOutcome;
  /** one of these states */
  readonly sampleState: Int32Array;
  /** by word: the bits that the step inverts */
  readonly flippedBits: Int32Array;
}

/** The successors of the current state, from a transition cache: all enabled choices at once, each with its effect. */
export interface SuccessorSource {
  /** ids of the enabled choices, in the order of `enabled`; as many as `enumerate` returned */
  readonly choices: Int32Array;
  /** by index of `choices`: index in `effects` */
  readonly effectOf: Int32Array;
  /** cleared by `evictIfFull`, never replaced */
  readonly effects: readonly CachedEffect[];
  /** all fields of the state; each bit of a bitmap is one */
  readonly fields: readonly BitField[];

  /** Finds the enabled choices of the current state, and returns their number. */
  enumerate(): number;
  /** Returns whether the enumerated state is a race for owned memory. */
  hasOwnedRace(): boolean;
  /** Takes the nth choice. Assumes that the current state is the one that was enumerated. */
  take(n: number): StepOutcome;
  /**
   * Returns the index in `properties` of the first invariant that the current state violates, or -1. Assumes that an
   * effect led to it from a state that violates none.
   */
  violatedAfter(effect: number): number;
  /**
   * Returns true if the cache proves that a state violates no invariant and hits no open cover. Assumes that an effect
   * led to it from a state that violates none and hits none.
   * @param at offset of the state in `states`
   */
  isKnownSafe(effect: number, open: readonly number[], states: Int32Array, at: number): boolean;
  /** Returns whether the nth and the mth choice are independent in the enumerated state. False if that is not known. */
  areIndependent(n: number, m: number, state: () => Int32Array): boolean;
  /** Returns whether a cover was seen to look at a step. Before that, a state alone decides whether it is hit. */
  usesStep(cover: number): boolean;
  /** Returns whether the nth choice may hit one of these covers. */
  mayHitCover(n: number, covers: readonly number[]): boolean;
  /** Shares the read sets of properties with other workers, as each evaluates properties in other states. */
  shareReadSets(readSets: Int32Array): void;
  /** memory of the cache, in bytes */
  readonly bytes: number;
  /** true if the cache learns nothing more, whatever its limit in bytes */
  readonly isFull: boolean;
  /** number of entries that it has learned so far, forgotten ones included */
  readonly learned: number;
  /** Clears the cache. Indices of effects are invalid then. */
  clear(): void;
}
