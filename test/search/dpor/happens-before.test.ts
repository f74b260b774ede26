import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StepOutcome } from '../../../src/compile/program.ts';
import { OwnedSets } from '../../../src/model/owned-sets.ts';
import { type ExecutedEvent, Execution, type Race } from '../../../src/search/dpor/happens-before.ts';

const actorCount = 4;

/** An event in plain data: the variables that it accesses, by number. */
interface PlainEvent {
  readonly actor: number;
  readonly reads: readonly number[];
  readonly writes: readonly number[];
  /** owned cells, each with whether it is written */
  readonly owned: readonly (readonly [cell: number, isWritten: boolean])[];
  readonly isVisible: boolean;
}

/** Two words of 32 variables; some are in both words at the same place. */
const variables = fc.uniqueArray(fc.constantFrom(0, 1, 31, 32, 33), { maxLength: 2 });
const rarely = fc.nat(7).map((n) => n === 0);
const anyEvent: fc.Arbitrary<PlainEvent> = fc.record({
  actor: fc.nat(actorCount - 1),
  reads: variables,
  writes: fc.oneof(fc.constant([]), variables),
  owned: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(1), fc.boolean()), { maxLength: 2 }) },
  ),
  isVisible: rarely,
});
const anyExecution = fc.array(anyEvent, { minLength: 1, maxLength: 9 });

const bitsOf = (set: readonly number[]): Int32Array => {
  const bits = new Int32Array(2);
  for (const n of set) bits[n >> 5] = (bits[n >> 5] as number) | (1 << (n & 31));
  return bits;
};
const meets = (one: readonly number[], other: readonly number[]): boolean => one.some((n) => other.includes(n));

function areDependent(one: PlainEvent, other: PlainEvent): boolean {
  if (one.actor === other.actor || (one.isVisible && other.isVisible)) return true;
  if (meets(one.writes, [...other.writes, ...other.reads]) || meets(other.writes, one.reads)) return true;
  return one.owned.some(([cell, writes]) => other.owned.some(([rival, also]) => cell === rival && (writes || also)));
}

/** Returns whether one event of a sequence happens before another: by the transitive closure of the dependent pairs. */
function order(
  events: readonly PlainEvent[],
  dependent: (one: number, other: number) => boolean,
): (one: number, other: number) => boolean {
  const before = events.map((_, one) => events.map((_, other) => one < other && dependent(one, other)));
  const holds = (one: number, other: number): boolean => before[one]?.[other] === true;
  for (const via of events.keys())
    for (const one of events.keys())
      for (const other of events.keys())
        if (holds(one, via) && holds(via, other)) (before[one] as boolean[])[other] = true;
  return holds;
}

/** Returns the races of the last event, and their initials, by the definitions. */
function racesOfLast(events: readonly PlainEvent[], dependent: (one: number, other: number) => boolean): Race[] {
  const last = events.length - 1;
  const isBefore = order(events, dependent);
  const actorOf = (n: number): number => (events[n] as PlainEvent).actor;
  const positions = [...events.keys()];
  return positions.flatMap((earlier) => {
    const isRace =
      earlier < last &&
      actorOf(earlier) !== actorOf(last) &&
      isBefore(earlier, last) &&
      !positions.some((between) => isBefore(earlier, between) && isBefore(between, last));
    if (!isRace) return [];
    const sequence = positions.filter((n) => n > earlier && (n === last || !isBefore(earlier, n)));
    const initials = sequence.filter((n) => !sequence.some((m) => isBefore(m, n))).map(actorOf);
    return [{ earlier, initials }];
  });
}

const sorted = (races: readonly Race[]): Race[] =>
  races
    .map(({ earlier, initials }) => ({ earlier, initials: [...initials].sort() }))
    .sort((one, other) => one.earlier - other.earlier);

/** An execution, and events that can be appended to it. */
function emptyExecution() {
  const ownedSets = new OwnedSets(actorCount);
  const toEvent = ({ actor, reads, writes, owned, isVisible }: PlainEvent): ExecutedEvent => {
    const accesses = { bitsRead: bitsOf(reads), bitsWritten: bitsOf(writes) };
    const encoded = owned.map(([cell, isWritten]) => ((cell * actorCount + actor) << 1) | Number(isWritten));
    const ownedAccesses = ownedSets.idOf(encoded);
    return {
      choice: actor,
      actor,
      footprint: { ...accesses, outcome: StepOutcome.taken, ownedAccesses, reads: [] },
      accesses,
      isVisible,
    };
  };
  return { execution: new Execution(actorCount, ownedSets), toEvent };
}

describe('the happens-before relation of an execution', () => {
  it('has the races, and their initials, of the transitive closure', () => {
    fc.assert(
      fc.property(anyExecution, (events) => {
        const { execution, toEvent } = emptyExecution();
        for (const [n, event] of events.entries()) {
          const prefix = events.slice(0, n + 1);
          const dependent = (one: number, other: number): boolean =>
            areDependent(prefix[one] as PlainEvent, prefix[other] as PlainEvent);
          expect(sorted(execution.push(toEvent(event)))).toEqual(sorted(racesOfLast(prefix, dependent)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is that of the events that were not removed', () => {
    fc.assert(
      fc.property(anyExecution, anyExecution, fc.nat(), anyEvent, (kept, removed, many, last) => {
        const { execution, toEvent } = emptyExecution();
        const other = emptyExecution();
        for (const event of [...kept, ...removed]) execution.push(toEvent(event));
        for (const _ of removed) execution.pop();
        for (const event of kept) other.execution.push(other.toEvent(event));
        const actor = many % actorCount;
        expect(execution.stepsOf(actor)).toBe(kept.filter((event) => event.actor === actor).length);
        expect(execution.push(toEvent(last))).toEqual(other.execution.push(other.toEvent(last)));
      }),
    );
  });

  it('orders a disabled choice after the events that wrote what it waits for, and those of its actor', () => {
    fc.assert(
      fc.property(anyExecution, fc.nat(actorCount - 1), variables, (events, actor, waitsFor) => {
        const { execution, toEvent } = emptyExecution();
        for (const event of events) execution.push(toEvent(event));
        const disabled: PlainEvent = { actor, reads: waitsFor, writes: [], owned: [], isVisible: false };
        const all = [...events, disabled];
        const dependent = (one: number, other: number): boolean => {
          const [earlier, later] = [all[one] as PlainEvent, all[other] as PlainEvent];
          if (later !== disabled) return areDependent(earlier, later);
          return earlier.actor === actor || meets(earlier.writes, waitsFor);
        };
        expect(sorted(execution.racesOfDisabled(actor, bitsOf(waitsFor)))).toEqual(sorted(racesOfLast(all, dependent)));
      }),
      { numRuns: 300 },
    );
  });

  it('tells the events that do not happen after another', () => {
    fc.assert(
      fc.property(anyExecution, fc.nat(), fc.nat(), (events, first, second) => {
        const { execution, toEvent } = emptyExecution();
        for (const event of events) execution.push(toEvent(event));
        const isBefore = order(events, (one, other) =>
          areDependent(events[one] as PlainEvent, events[other] as PlainEvent),
        );
        const [earlier, end] = [first % events.length, second % (events.length + 1)];
        const expected = [...events.keys()].filter((n) => n > earlier && n < end && !isBefore(earlier, n));
        expect(execution.independentOf(earlier, end)).toEqual(expected);
      }),
    );
  });
});
