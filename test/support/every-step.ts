import { type Program, StepOutcome } from '../../src/compile/program.ts';
import type { SystemEvent } from '../../src/model/events.ts';

/**
 * Tries every choice in every reachable state. Violations are ignored; a fault has no successor.
 * @param before called before a choice is tried; must not change the state
 * @param after called after a choice was taken without a fault
 * @param leave called after all choices of a state
 * @returns the number of states
 */
export function forEveryStep(
  program: Program,
  before: (event: number, payload: number) => void,
  after: (event: number, payload: number) => void = () => undefined,
  leave: () => void = () => undefined,
): number {
  const { state } = program;
  const events = new Int32Array(program.events.length);
  const visited = new Set<string>();
  const frontier: Int32Array[] = [];
  const visit = (): void => {
    const key = state.join();
    if (visited.has(key)) return;
    visited.add(key);
    frontier.push(Int32Array.from(state));
  };
  program.reset();
  visit();
  for (let base = frontier.pop(); base; base = frontier.pop()) {
    state.set(base);
    for (const event of events.slice(0, program.enabled(events))) {
      const { domain } = program.events[event] as SystemEvent;
      for (let payload = 0; payload < domain; payload++) {
        state.set(base);
        before(event, payload);
        const outcome = program.step(event, payload);
        if (outcome !== StepOutcome.taken) continue;
        after(event, payload);
        visit();
      }
    }
    leave();
  }
  return visited.size;
}
