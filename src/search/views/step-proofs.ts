import { applyPatch, bitsOfAll, isSubset } from '../../cache/access-sets.ts';
import type { StepEffect, SymmetryGroup } from '../../cache/symmetry-group.ts';
import { StepOutcome } from '../../compile/program.ts';
import { eventName } from '../../model/events.ts';
import type { BitField } from '../../model/state-layout.ts';
import { EquivarianceCheck } from '../symmetry/equivariance.ts';
import { enumeratePermutations, Permutation } from '../symmetry/permutation.ts';
import type { LargerSizes, LargerState } from './larger-sizes.ts';
import type { Projection } from './projection.ts';
import { refuse } from './refusal.ts';
import { inView } from './sized-steps.ts';

/**
 * Proves of each new effect of a step that it treats all processes alike, and that it does not depend on how many there
 * are: with twins of those that are not in view, the step changes the same of the whole and of those in view.
 */
export class StepProofs implements Pick<SymmetryGroup, 'withDependents' | 'checkEquivariance'> {
  private readonly equivariance: EquivarianceCheck;

  constructor(
    private readonly projection: Projection,
    private readonly larger: LargerSizes,
  ) {
    const { program, processes, fields, instrumented, effects } = projection.sized;
    const permutations = enumeratePermutations(processes.kinds).map(
      (images) => new Permutation(program, processes, fields, images),
    );
    this.equivariance = new EquivarianceCheck(instrumented, permutations, fields, effects.choiceIds);
  }

  withDependents(fields: readonly BitField[]): BitField[] {
    return this.projection.sized.fields.withDependents(fields);
  }

  /** @throws PrecopyError `NOT_SOUND` */
  checkEquivariance(choice: number, effect: StepEffect): void {
    const { sized } = this.projection;
    if (this.equivariance.counterexample(choice, effect as never)) {
      throw this.refuseStep(choice, 'does something else when the actors are permuted');
    }
    if (sized.slotOfChoice(choice) >= inView) return;
    for (const state of this.larger.statesFrom(this.projection, effect.sampleState, inView)) {
      if (!this.isSame(choice, effect, state)) {
        throw this.refuseStep(choice, `does something else where there are ${state.projection.sized.slots}`);
      }
    }
  }

  /** Returns whether a step has the same effect in a larger state. */
  private isSame(choice: number, { outcome, fields, sampleState, patch }: StepEffect, larger: LargerState): boolean {
    const { projection } = this;
    const { projection: large, slotOf, originalOf, state } = larger;
    const result = large.sized.run(this.imageOf(choice, larger), state);
    if (result.outcome !== outcome) return false;
    const touched = bitsOfAll(fields, sampleState.length);
    const { wholeWords, blockWords } = projection.layout;
    const [one, other] = [new Int32Array(wholeWords), new Int32Array(wholeWords)];
    large.maskOfWhole(result.read, one);
    projection.maskOfWhole(touched, other);
    if (!isSubset(one, other)) return false;
    for (const [slot, original] of originalOf.entries()) {
      const [one, other] = [new Int32Array(blockWords), new Int32Array(blockWords)];
      large.maskOfBlock(result.read, slot, one);
      projection.maskOfBlock(touched, original, other);
      if (!isSubset(one, other)) return false;
    }
    if (outcome !== StepOutcome.taken) return true;
    const after = Int32Array.from(sampleState);
    applyPatch(patch, after);
    large.projectWhole(result.after, one);
    projection.projectWhole(after, other);
    if (one.some((word, n) => word !== other[n])) return false;
    for (let slot = 0; slot < inView; slot++) {
      const [one, other] = [new Int32Array(blockWords), new Int32Array(blockWords)];
      large.projectBlock(result.after, slotOf[slot], one);
      projection.projectBlock(after, slot, other);
      if (one.some((word, n) => word !== other[n])) return false;
    }
    return true;
  }

  /** Returns the choice of a larger size that corresponds to one of this size. */
  private imageOf(choice: number, { projection, slotOf }: LargerState): number {
    const [small, large] = [this.projection.sized, projection.sized];
    const { event: id, payload } = small.effects.choiceIds.choiceOf(choice);
    const event = small.program.events[id];
    const nameOf = (actor: number): string => {
      const slot = small.slotOfActor(actor);
      const { actorOf } = large.processes;
      return (
        large.program.actors[slot < 0 ? -1 : actorOf[large.processOfSlot[slotOf[slot]]]] ?? small.program.actors[actor]
      );
    };
    const image = large.program.events.find(
      (one) =>
        one.type === event.type &&
        large.program.actors[one.actor] === nameOf(event.actor) &&
        (one.from === undefined ? undefined : large.program.actors[one.from]) ===
          (event.from === undefined ? undefined : nameOf(event.from)),
    );
    const isProcess = event.field !== undefined && small.processes.spec.payloads.includes(event.field);
    const slot = isProcess ? small.slotOf(payload) : -1;
    const imagePayload = slot < 0 ? payload : large.processOfSlot[slotOf[slot]];
    if (image === undefined || imagePayload >= image.domain)
      throw this.refuseStep(choice, 'is not there at each number');
    if (!isProcess && image.domain !== event.domain) {
      throw this.refuseStep(choice, 'has payloads whose number depends on theirs, and is not declared to');
    }
    return large.effects.choiceIds.firstOf(image.id) + imagePayload;
  }

  private refuseStep(choice: number, does: string): Error {
    const { program, effects } = this.projection.sized;
    const { event, payload } = effects.choiceIds.choiceOf(choice);
    return refuse(program.design.id, `'${eventName(program.instance, program.events[event], payload)}' ${does}`);
  }
}
