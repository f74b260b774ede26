import { type Program, StepOutcome } from '../../compile/program.ts';
import { Random } from '../random/random.ts';

/** Steps that are taken at random to see which bits change. */
const steps = 5_000;
const seed = 1;

/**
 * Returns a mask of the bits of the packed state that change in a random run. Other bits may change as well: this only
 * saves the search from being started again for each of them.
 */
export function varyingBits(program: Program): Int32Array {
  const { state, events } = program;
  const random = new Random(seed);
  const enabled = new Int32Array(events.length);
  program.reset();
  const initial = Int32Array.from(state);
  const varying = new Int32Array(state.length);
  for (let n = 0; n < steps; n++) {
    const count = program.enabled(enabled);
    let isTaken = false;
    const first = random.below(Math.max(1, count));
    for (let i = 0; i < count && !isTaken; i++) {
      const event = events[enabled[(first + i) % count]];
      if (event.domain === 0) continue;
      const payload = random.below(event.domain);
      isTaken = program.step(event.id, payload) === StepOutcome.taken;
    }
    if (!isTaken) program.reset();
    for (let word = 0; word < state.length; word++) varying[word] |= state[word] ^ initial[word];
  }
  program.reset();
  return varying;
}
