import { StepOutcome } from '../../compile/program.ts';
import type { SizedSteps } from './sized-steps.ts';

/**
 * Returns a crowd with, for each process that can move, one that cannot in its place, where there is one. The others
 * cannot tell them apart, so whether one moves does not depend on which of them the others are.
 * @param order the order of processes in queues
 * @param alike the blocks that the others cannot tell from one
 */
export function calmest(
  steps: SizedSteps,
  whole: Int32Array,
  crowd: readonly Int32Array[],
  order: readonly (readonly number[])[],
  alike: (block: Int32Array) => readonly Int32Array[],
): Int32Array[] {
  const { projection } = steps;
  const { sized } = projection;
  const state = new Int32Array(sized.words);
  const isCalm = (slot: number, block: Int32Array): boolean => {
    if (!projection.build(whole, crowd.with(slot, block), order, state)) return false;
    let canMove = false;
    steps.forEach(
      state,
      (choice, { outcome }) => {
        if (sized.slotOfChoice(choice) === slot && outcome !== StepOutcome.refused) canMove = true;
      },
      true,
    );
    return !canMove;
  };
  return crowd.map((member, slot) => [member, ...alike(member)].find((block) => isCalm(slot, block)) ?? member);
}
