import { type Program, StepOutcome } from '../../compile/program.ts';
import { Random } from '../random/random.ts';

const steps = 5_000;
const seed = 1;

/** What a random run shows of the states: it decides the variables and their order, never a verdict. */
export interface RandomRun {
  /** mask of the bits of the packed state that changed; others may change as well, and have no variable until then */
  readonly varying: Int32Array;
  /** the packed states after each step */
  readonly states: readonly Int32Array[];
}

/** Takes steps at random, from the initial state again where none is possible. The same program gives the same run. */
export function randomRun(program: Program): RandomRun {
  const { state, events } = program;
  const random = new Random(seed);
  const enabled = new Int32Array(events.length);
  program.reset();
  const initial = Int32Array.from(state);
  const varying = new Int32Array(state.length);
  const states: Int32Array[] = [];
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
    states.push(Int32Array.from(state));
  }
  program.reset();
  return { varying, states };
}
