import type { Interpreter } from '../compile/interpreter.ts';
import { StepOutcome } from '../compile/program.ts';
import type { CostModel, TransitionCost } from './cost-model.ts';
import type { RandomStream } from './random-streams.ts';

/** After so many steps that begin with one arrow it is known what they bring with them. */
const samplesPerTransition = 16;
/** A rehearsal is so many walks of so many steps: each takes another way to begin with. */
const walks = 10;
const stepsOfWalk = 50;

/**
 * What a step brings with it, by the arrow that it begins with: what the further arrows cost that the same thread takes within that step, up to
 * its last locked operation. A call of GET_DIRTY_LOG is one step up to its request of `mmu_lock`, and all of that is paid before the lock is
 * asked for. A release needs no such care: a lock that is given back early in that sense still has the time of the release. It is learned from the steps that were taken; of several that begin alike, the longest counts.
 */
export class PrefixCosts {
  private readonly looks: Uint8Array;

  constructor(
    { arrows }: Interpreter,
    private readonly costs: CostModel,
  ) {
    this.looks = new Uint8Array(arrows.length);
  }

  /**
   * Takes some steps at random, so that the first call of an ioctl is timed as all others are.
   * @param program of the same design with as many actors; a small guest will do, as only the order of arrows counts
   */
  warmUp(program: Interpreter, random: RandomStream): void {
    const enabled = new Int32Array(program.events.length);
    for (let n = 0; n < walks * stepsOfWalk; n++) {
      const count = program.enabled(enabled);
      const event = enabled[random.below(Math.max(1, count))];
      const domain = program.events[event]?.domain ?? 0;
      const outcome = count > 0 && domain > 0 ? program.step(event, random.below(domain)) : StepOutcome.refused;
      if (outcome === StepOutcome.taken) this.learn(program);
      if (outcome === StepOutcome.fault || (n + 1) % stepsOfWalk === 0) program.reset();
    }
  }

  /** Learns from the step that the program has just taken, unless that is known by now. */
  learn(program: Interpreter): void {
    const { count, arrows } = program.moves;
    if (count > 1 && this.looks[arrows[0]] !== samplesPerTransition) this.look(program);
  }

  private look({ moves, arrows, instance }: Interpreter): void {
    const first = moves.arrows[0];
    this.looks[first] = this.looks[first] + 1;
    const { arrows: costs, leadNs, isVariable } = this.costs;
    const { coldPrefix } = costs[first];
    const thread = new Set([moves.actors[0]]);
    let paid = 0;
    let lead = 0;
    const cold: TransitionCost[] = [];
    for (let n = 1; n < moves.count; n++) {
      const mover = moves.actors[n];
      const arrow = moves.arrows[n];
      const message = instance.messages[arrows[arrow]?.event ?? ''];
      if (message && thread.has(moves.senders[n])) {
        if (message.ordering === 'call') thread.add(mover);
        else if (message.ordering === 'barrier') {
          lead = paid;
          for (const one of cold) if (!coldPrefix.includes(one)) coldPrefix.push(one);
        }
      }
      const cost = costs[arrow];
      if (!thread.has(mover)) continue;
      paid += cost.ns;
      if (cost.cold) cold.push(cost);
    }
    if (coldPrefix.length > 0) isVariable[first] = 1;
    if (lead > leadNs[first]) leadNs[first] = lead;
  }
}
