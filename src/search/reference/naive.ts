/**
 * Breadth-first search as a textbook has it: the reference implementation. Read it before the engines.
 *
 *     visited := { initial };  queue := [ initial ]
 *     while queue is not empty:
 *       state := the oldest of queue
 *       for each event, for each payload: if state has a step for them:
 *         successor := the state after the step
 *         if successor is not in visited: add it to visited and queue, and check the invariants in it
 *       if state has no step, and is no valid end state: it is a deadlock
 *       if steps of two actors access one cell of owned memory, and one of them writes it: it is a race
 *
 * It shares the model with the engines, and nothing else: xstate runs the statecharts (`NaiveSystem`), and the visited
 * set holds whole states. So it is slow, and an oracle: tests compare states, depths and verdicts of the engines with
 * it.
 */

import type { AnyDesign } from '../../model/design.ts';
import { ModelFault, PrecopyError } from '../../model/errors.ts';
import { eventsOf } from '../../model/events.ts';
import { instantiate } from '../../model/instance.ts';
import { OwnedSets } from '../../model/owned-sets.ts';
import { type Property, violatedByDeadlock, violatedInvariant, wellFormed } from '../../model/property.ts';
import { refuseOutsideCalls } from '../../platform/refuse-outside-calls.ts';
import { NaiveSystem } from './naive-system.ts';

interface QueuedState {
  /** the words of the state vector, which hold the locations of actors and the mailboxes as well */
  readonly words: readonly number[];
  /** 1 for the initial state */
  readonly depth: number;
}

export interface NaiveResult {
  readonly states: number;
  /** generated states, duplicates and the initial state included */
  readonly transitions: number;
  readonly depth: number;
  /** the key of each state */
  readonly stateKeys: ReadonlySet<string>;
  /** a violation with a shortest counterexample, and the number of steps of that */
  readonly violation: { readonly property: string; readonly length: number } | undefined;
}

/** Returns a state vector as text. */
export const stateKey = (words: ArrayLike<number>): string => JSON.stringify(Array.from(words));

/**
 * Visits the reachable states of a design. Once a violation is found, it stops before longer counterexamples.
 * @throws PrecopyError `NOT_SOUND` for another memory model than `sc`: it has no store buffers
 */
export function naiveSearch(design: AnyDesign, params: Readonly<Record<string, number>>): NaiveResult {
  if ((design.memoryModel ?? 'sc') !== 'sc') {
    throw new PrecopyError('NOT_SOUND', `naive search of ${design.id} has no store buffers`, 'search with an engine');
  }
  refuseOutsideCalls();
  const instance = instantiate(design, params);
  const events = eventsOf(instance);
  const system = new NaiveSystem(instance);
  const sets = new OwnedSets(instance.actors.length);
  const properties = instance.design.properties as readonly Property[];
  const visited = new Set<string>();
  const queue: QueuedState[] = [];
  let transitions = 0;
  let depth = 0;
  let violation: NaiveResult['violation'];

  const reportViolation = (property: string, length: number): void => {
    if (!violation || length < violation.length) violation = { property, length };
  };
  const visit = (depthOfState: number): void => {
    transitions++;
    const words = Array.from(instance.state);
    const key = stateKey(words);
    if (visited.has(key)) return;
    visited.add(key);
    queue.push({ words, depth: depthOfState });
    depth = depthOfState;
    const violated = violatedInvariant(properties, instance.view);
    if (violated >= 0) reportViolation(properties[violated].id, depthOfState - 1);
  };

  try {
    system.start();
    visit(1);
  } catch (error) {
    if (!(error instanceof ModelFault)) throw error;
    reportViolation(wellFormed, 0);
  }
  for (let state = queue.shift(); state; state = queue.shift()) {
    if (violation && state.depth > violation.length) break;
    let steps = 0;
    const owned: { readonly actor: number; readonly accesses: number }[] = [];
    for (const event of events) {
      for (let payload = 0; payload < event.domain; payload++) {
        instance.state.set(state.words);
        try {
          if (system.take(event, payload)) {
            steps++;
            visit(state.depth + 1);
          }
        } catch (error) {
          if (!(error instanceof ModelFault)) throw error;
          steps++;
          reportViolation(wellFormed, state.depth);
        }
        const { owned: all, ownedCount } = instance.accesses;
        owned.push({ actor: event.actor, accesses: sets.idOf(all, ownedCount) });
      }
    }
    const isRace = owned.some((one) =>
      owned.some((other) => one.actor !== other.actor && sets.conflict(one.accesses, other.accesses)),
    );
    if (isRace) reportViolation(wellFormed, state.depth - 1);
    instance.state.set(state.words);
    const deadlocked = steps === 0 ? violatedByDeadlock(properties, instance.view) : -1;
    if (deadlocked >= 0) reportViolation(properties[deadlocked].id, state.depth - 1);
  }
  return { states: visited.size, transitions, depth, stateKeys: visited, violation };
}
