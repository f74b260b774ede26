import { type Program, StepOutcome } from '../../src/compile/program.ts';
import type { SystemEvent } from '../../src/model/events.ts';

/**
 * Tries every event in every reachable state, whatever properties break there; a step that is a fault leads nowhere.
 * @param before is called before an event is tried, and leaves the state as it is
 * @param after is called when it was taken, without a fault
 * @param leave is called when all events of a state have been tried
 * @returns how many states there are
 */
export function everyStep(
  program: Program,
  before: (event: number, payload: number) => void,
  after: (event: number, payload: number) => void = () => undefined,
  leave: () => void = () => undefined,
): number {
  const { state } = program;
  const events = new Int32Array(program.events.length);
  const seen = new Set<string>();
  const waiting: Int32Array[] = [];
  const visit = (): void => {
    const key = state.join();
    if (seen.has(key)) return;
    seen.add(key);
    waiting.push(Int32Array.from(state));
  };
  program.reset();
  visit();
  for (let base = waiting.pop(); base; base = waiting.pop()) {
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
  return seen.size;
}
