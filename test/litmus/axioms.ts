import type { MemoryModel } from '../../src/model/store-buffer.ts';
import { type LitmusProgram, locationsOf, outcomeName, readsOf } from './program.ts';

/**
 * A read, a write, or both in one locked instruction, in the order of its process; the initial writes have no process.
 */
interface Event {
  readonly process: number;
  readonly place: number;
  readonly at: string;
  readonly reads: boolean;
  /** what it writes, if it does */
  readonly writes: number | undefined;
}
type Edge = readonly [Event, Event];

/**
 * The outcomes that the axioms of a memory model allow, from J. Alglave, L. Maranget and M. Tautschnig, "Herding cats",
 * TOPLAS 36(2), 2014: an execution is a choice of the write that each read reads from (rf) and of the order of the
 * writes to each location (co), and it is allowed if nothing in it comes before itself. No store buffer is in here, so
 * that it can judge the store buffers.
 */
export function outcomesByAxioms(program: LitmusProgram, model: MemoryModel): Set<string> {
  const locations = locationsOf(program);
  const initial = locations.map((at): Event => ({ process: -1, place: -1, at, reads: false, writes: 0 }));
  const events = [
    ...initial,
    ...program.flatMap((instructions, process) =>
      instructions.flatMap((one, place): Event[] =>
        one.kind === 'mfence'
          ? []
          : [
              {
                process,
                place,
                at: one.at,
                reads: one.kind !== 'store',
                writes: one.kind === 'load' ? undefined : one.value,
              },
            ],
      ),
    ),
  ];
  const writes = events.filter(({ writes }) => writes !== undefined);
  const readers = readsOf(program).map(
    ({ process, place }) => events.find((one) => one.process === process && one.place === place) as Event,
  );
  const before = orderOf(program, events, model);
  const sameLocation = orderOf(program, events, 'sc').filter(([a, b]) => a.at === b.at);

  const outcomes = new Set<string>();
  const orders = product(
    locations.map((at) => permutations(writes.filter((one) => one.at === at && one.process >= 0))),
  ).map((chosen) => chosen.map((order, n) => [initial[n] as Event, ...order]));
  const sources = product(readers.map((reader) => writes.filter((one) => one.at === reader.at && one !== reader)));
  for (const co of orders) {
    for (const rf of sources) {
      const orderAt = (at: string): readonly Event[] => co[locations.indexOf(at as never)] as readonly Event[];
      const isAtomic = readers.every(
        (reader, n) =>
          reader.writes === undefined ||
          orderAt(reader.at).indexOf(reader) === orderAt(reader.at).indexOf(rf[n] as Event) + 1,
      );
      if (!isAtomic) continue;
      const readsFrom = readers.map((reader, n): Edge => [rf[n] as Event, reader]);
      const coherence = co.flatMap((order) => pairs(order));
      const fromReads = readsFrom.flatMap(([source, reader]) =>
        coherence.flatMap(([a, b]): Edge[] => (a === source && b !== reader ? [[reader, b]] : [])),
      );
      const communication = [...coherence, ...fromReads];
      const external = readsFrom.filter(([a, b]) => model === 'sc' || a.process !== b.process);
      if (hasCycle(events, [...sameLocation, ...readsFrom, ...communication])) continue;
      if (hasCycle(events, [...before, ...external, ...communication])) continue;
      outcomes.add(
        outcomeName(
          program,
          rf.map(({ writes = 0 }) => writes),
          co.map((order) => order.at(-1)?.writes ?? 0),
        ),
      );
    }
  }
  return outcomes;
}

/**
 * Returns how many executions `outcomesByAxioms` goes through at most: an order of the writes to each location, and a
 * write for each read. The number grows so fast that nine instructions can take hours.
 */
export function candidatesOf(program: LitmusProgram): number {
  const candidates = locationsOf(program).map((at) => {
    const here = program.flat().filter((one) => one.kind !== 'mfence' && one.at === at);
    const writes = here.filter(({ kind }) => kind !== 'load').length;
    return (
      permutations(here.slice(0, writes)).length * (writes + 1) ** here.filter(({ kind }) => kind !== 'store').length
    );
  });
  return candidates.reduce((product, one) => product * one, 1);
}

/**
 * Program order, as far as the model keeps it: TSO lets a read overtake a write, but for a fence or a locked
 * instruction.
 */
function orderOf(program: LitmusProgram, events: readonly Event[], model: MemoryModel): Edge[] {
  const isLocked = ({ reads, writes }: Event): boolean => reads && writes !== undefined;
  return events.flatMap((a) =>
    events.flatMap((b): Edge[] => {
      if (a.process < 0 || a.process !== b.process || a.place >= b.place) return [];
      const between = program[a.process]?.slice(a.place, b.place) ?? [];
      const isFenced = between.some(({ kind }) => kind === 'mfence') || isLocked(a) || isLocked(b);
      const overtakes = a.writes !== undefined && b.reads;
      return model === 'sc' || isFenced || !overtakes ? [[a, b]] : [];
    }),
  );
}

function hasCycle(events: readonly Event[], edges: readonly Edge[]): boolean {
  let rest = edges;
  for (let left = events.length; left > 0; left--) {
    const targets = new Set(rest.map(([, to]) => to));
    const kept = rest.filter(([from]) => targets.has(from));
    if (kept.length === rest.length) return rest.length > 0;
    rest = kept;
  }
  return rest.length > 0;
}

function pairs(order: readonly Event[]): Edge[] {
  return order.flatMap((a, n) => order.slice(n + 1).map((b): Edge => [a, b]));
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, n) => permutations(items.filter((_, m) => m !== n)).map((rest) => [item, ...rest]));
}

function product<T>(choices: readonly (readonly T[])[]): T[][] {
  return choices.reduce<T[][]>((all, options) => all.flatMap((head) => options.map((one) => [...head, one])), [[]]);
}
