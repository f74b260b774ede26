import type { Trace, TraceStep } from '../model/trace.ts';

/** A thread of a trace: an actor that takes steps of its own, and the actors that it calls. */
export interface Thread {
  readonly name: string;
  /** ids of its actors */
  readonly actors: readonly number[];
}

/**
 * Returns the threads of a trace in the order of their first steps. An actor that only serves others, such as a lock, is
 * part of no thread. An actor that one other actor calls runs in the thread of its caller.
 */
export function threadsOf({ actors, steps }: Trace): Thread[] {
  const initiators = [...new Set(steps.flatMap(({ actor, from }) => (from === undefined ? [actor] : [])))];
  const callers = callersIn(steps);
  const threadOf = (actor: number, seen: readonly number[] = []): number => {
    const [caller, ...others] = callers.get(actor) ?? [];
    const isCalled =
      caller !== undefined && others.length === 0 && initiators.includes(caller) && !seen.includes(caller);
    return isCalled ? threadOf(caller, [...seen, actor]) : actor;
  };
  const roots = [...new Set(initiators.map((actor) => threadOf(actor)))];
  return roots.map((root) => ({
    name: actors[root] as string,
    actors: initiators.filter((actor) => threadOf(actor) === root),
  }));
}

/** Returns the index of the thread in which a step is taken: of an actor of a thread, or of the sender to a server. */
export function threadOfStep(step: TraceStep, threads: readonly Thread[]): number {
  const indexOf = (actor: number): number => threads.findIndex(({ actors }) => actors.includes(actor));
  const own = indexOf(step.actor);
  return Math.max(0, own >= 0 || step.from === undefined ? own : indexOf(step.from));
}

/** Returns, by actor, the actors that call it. */
function callersIn(steps: readonly TraceStep[]): ReadonlyMap<number, readonly number[]> {
  const callers = new Map<number, number[]>();
  const answered = new Set<string>();
  for (const { actor, sent } of steps.flatMap(({ moves }) => moves)) {
    for (const { to, call } of sent) {
      if (!call || answered.has(`${to} ${actor}`)) continue;
      // What the callee sends back is its return.
      answered.add(`${actor} ${to}`);
      callers.set(to, [...new Set([...(callers.get(to) ?? []), actor])]);
    }
  }
  return callers;
}
