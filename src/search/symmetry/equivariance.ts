import { applyPatch, bitsOfAll, equalUnderMask, isEqual, isSubset } from '../../cache/access-sets.ts';
import { DecisionTrees, maxTreeWords } from '../../cache/decision-trees.ts';
import type { Effect } from '../../cache/effect-cache.ts';
import type { InstrumentedProgram } from '../../cache/instrumented-program.ts';
import { StepOutcome } from '../../compile/program.ts';
import type { ChoiceIds } from '../../model/choices.ts';
import type { BitField } from '../../model/state-layout.ts';
import type { Permutation } from './permutation.ts';
import type { StateFields } from './state-fields.ts';

/** The image of a step under a permutation. */
interface StepImage {
  readonly choice: number;
  /** bits of the fields that the step accesses */
  readonly accessed: Int32Array;
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/**
 * Proves that steps commute with the permutations: that the image of a step is a step from the image of its state to
 * the image of its successor.
 *
 * Each effect is checked once, in one sample state. The image of the step is executed on an instrumented program. It
 * must have the same outcome, access no fields but the images of the accessed ones, and lead to the image of the
 * successor. This proves the same for all states that agree with the sample in the accessed fields, as no other field
 * is read.
 */
export class EquivarianceCheck {
  /** effects that are proved, with their images: by choice the root of a decision tree */
  private readonly proved = new DecisionTrees();
  private readonly roots: Int32Array;

  /** memory of the proofs, in bytes */
  get bytes(): number {
    return this.proved.bytes;
  }

  /** Forgets the proofs. */
  clear(): void {
    this.proved.clear();
    for (let choice = 0; choice < this.roots.length; choice++) this.roots[choice] = this.proved.newTree();
  }

  constructor(
    private readonly instrumented: InstrumentedProgram,
    private readonly permutations: readonly Permutation[],
    private readonly fields: StateFields,
    private readonly choiceIds: ChoiceIds,
  ) {
    this.roots = Int32Array.from({ length: choiceIds.count }, () => this.proved.newTree());
  }

  /** Checks an effect of a choice. Returns the first permutation that the step does not commute with, if any. */
  counterexample(choice: number, { sampleState, patch, outcome, fields }: Effect): Permutation | undefined {
    if (this.proved.find(this.roots[choice], sampleState) >= 0) return undefined;
    const words = sampleState.length;
    const accessed = bitsOfAll(fields, words);
    const successor = Int32Array.from(sampleState);
    applyPatch(patch, successor);
    const checked: StepImage[] = [];
    for (const permutation of this.permutations) {
      const image: StepImage = {
        choice: permutation.choices[choice],
        accessed: new Int32Array(words),
        before: new Int32Array(words),
        after: new Int32Array(words),
      };
      permutation.applyToMask(accessed, image.accessed);
      permutation.apply(sampleState, image.before);
      permutation.apply(successor, image.after);
      // Permutations with the same image of all that the step depends on need one execution.
      const same = checked.find((other) => sameImage(other, image));
      const isStep = same
        ? outcome !== StepOutcome.taken || equalUnderMask(same.after, image.after, image.accessed)
        : this.isStep(image, outcome, this.fields.permute(fields, permutation.targets));
      if (!isStep) return permutation;
      if (!same) checked.push(image);
    }
    return undefined;
  }

  /**
   * Executes the image of a step. Returns true if it has the given outcome and is as expected.
   * @param fields images of the accessed fields, in the order of access
   */
  private isStep(
    { choice, accessed, before, after }: StepImage,
    outcome: StepOutcome,
    fields: readonly BitField[],
  ): boolean {
    const { instrumented, proved } = this;
    const { event, payload } = this.choiceIds.choiceOf(choice);
    const imageOutcome = instrumented.record(before, () => instrumented.program.step(event, payload));
    const accessedFields = this.fields.withDependents([...instrumented.read, ...instrumented.written()]);
    const accessedNow = bitsOfAll(accessedFields, before.length);
    if (isEqual(accessedNow, accessed) && proved.words < maxTreeWords)
      proved.tryInsert(this.roots[choice], fields, before, 1);
    const reached = Int32Array.from(before);
    applyPatch(instrumented.patch(), reached);
    return (
      imageOutcome === outcome &&
      isSubset(accessedNow, accessed) &&
      (outcome !== StepOutcome.taken || isEqual(reached, after))
    );
  }
}

function sameImage(one: StepImage, other: StepImage): boolean {
  return (
    one.choice === other.choice &&
    isEqual(one.accessed, other.accessed) &&
    equalUnderMask(one.before, other.before, other.accessed)
  );
}
