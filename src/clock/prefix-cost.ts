import type { Interpreter } from '../compile/interpreter.ts';
import { StepOutcome } from '../compile/program.ts';
import type { CostModel, TransitionCost } from './cost-model.ts';
import type { RandomStream } from './random-streams.ts';

/** Number of steps after which the prefix of a first transition is taken as known. */
const samplesPerTransition = 16;
/** Length of the warm-up: random walks from the initial state, and steps of each. */
const walks = 10;
const stepsPerWalk = 50;

/**
 * Learns the cost of a step's prefix: the transitions that the same thread takes within the step, up to its last
 * visible (locked) operation. The simulator spends this cost before the step takes effect. An ioctl, for example, is
 * one step up to its request of a lock, so the request takes effect when all of that is paid.
 *
 * Releases need no correction: an early release is still stamped with its own time.
 *
 * Costs are learned from executed steps, by their first transition, because actions are functions: a program cannot
 * predict the microsteps of a step. If prefixes differ, the longest counts. A step may then take effect later than it
 * is paid for; its own times stay exact.
 */
export class PrefixCosts {
  /** by first transition */
  private readonly samples: Uint8Array;

  constructor(
    { flatTransitions }: Interpreter,
    private readonly costs: CostModel,
  ) {
    this.samples = new Uint8Array(flatTransitions.length);
  }

  /**
   * Takes random steps, so that the first step of a kind in the run is timed like the later ones.
   * @param program same design and number of actors; a small guest suffices, as only the order of transitions counts
   */
  warmUp(program: Interpreter, random: RandomStream): void {
    const enabled = new Int32Array(program.events.length);
    for (let n = 0; n < walks * stepsPerWalk; n++) {
      const count = program.enabled(enabled);
      const event = enabled[random.below(Math.max(1, count))];
      const domain = program.events[event]?.domain ?? 0;
      const outcome = count > 0 && domain > 0 ? program.step(event, random.below(domain)) : StepOutcome.refused;
      if (outcome === StepOutcome.taken) this.learn(program);
      if (outcome === StepOutcome.fault || (n + 1) % stepsPerWalk === 0) program.reset();
    }
  }

  /** Learns from the last step of the program, unless its first transition is known. */
  learn(program: Interpreter): void {
    const { count, transitions } = program.microsteps;
    if (count > 1 && this.samples[transitions[0]] !== samplesPerTransition) this.addSample(program);
  }

  private addSample({ microsteps, flatTransitions, instance }: Interpreter): void {
    const first = microsteps.transitions[0];
    this.samples[first]++;
    const { transitions: costs, prefixNs, isVariable } = this.costs;
    const { coldPrefix } = costs[first];
    const thread = new Set([microsteps.actors[0]]);
    let totalNs = 0;
    let lastVisibleNs = 0;
    const cold: TransitionCost[] = [];
    for (let n = 1; n < microsteps.count; n++) {
      const actor = microsteps.actors[n];
      const transition = microsteps.transitions[n];
      const message = instance.messages[flatTransitions[transition]?.event ?? ''];
      if (message && thread.has(microsteps.senders[n])) {
        if (message.ordering === 'call') thread.add(actor);
        else if (message.ordering === 'barrier') {
          lastVisibleNs = totalNs;
          for (const one of cold) if (!coldPrefix.includes(one)) coldPrefix.push(one);
        }
      }
      const cost = costs[transition];
      if (!thread.has(actor)) continue;
      totalNs += cost.ns;
      if (cost.cold) cold.push(cost);
    }
    if (coldPrefix.length > 0) isVariable[first] = 1;
    if (lastVisibleNs > prefixNs[first]) prefixNs[first] = lastVisibleNs;
  }
}
