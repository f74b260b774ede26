import type { Step } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOfAll, isSubset } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

/** Maximum number of cached values, which take about half a kilobyte each. */
const maxAnswers = 1 << 18;

/** A property that is evaluated over orbits. */
export interface PropertyQuery {
  /** index in `properties` */
  readonly property: number;
  readonly holds: (view: unknown, step: Step) => boolean;
  readonly isCover: boolean;
  readonly isStepCover: boolean;
}

/** The value of a property in a state, and the fields that it read. */
interface Answer {
  readonly value: boolean;
  readonly read: readonly BitField[];
  /** mask of these fields */
  readonly bits: Int32Array;
  /** true if the value is known to be the same in the whole orbit, and to depend on the permuted fields only */
  isSymmetric: boolean;
}

/**
 * Evaluates properties over the orbit of a state under a symmetry: an invariant must hold in all images, a cover must
 * be hit in one. Values are cached by the fields that the property reads, since many images agree on those.
 */
export class OrbitPropertyCache {
  private readonly trees = new DecisionTrees();
  /** by property: root of its tree, whose leaves are indices of `answers` */
  private readonly roots: number[] = [];
  private readonly answers: Answer[] = [];
  /** image of the state that is evaluated */
  private readonly image: Int32Array;
  private readonly movedBits: Int32Array;

  constructor(
    private readonly instrumented: InstrumentedProgram,
    private readonly symmetry: SymmetryGroup,
    words: number,
  ) {
    this.image = new Int32Array(words);
    this.movedBits = new Int32Array(words);
  }

  /**
   * Evaluates a property over the orbit of a state. Returns its value and the fields of the state that it depends on.
   */
  evaluate(query: PropertyQuery, state: Int32Array, step: StepSignature): [boolean, readonly BitField[]] {
    const { symmetry } = this;
    const first = this.underPermutation(0, query, state, step);
    if (first.value === query.isCover || this.isSymmetric(first, query, state, step)) return [first.value, first.read];
    const read = [...first.read];
    for (let n = 1; n < symmetry.order; n++) {
      const answer = this.underPermutation(n, query, state, step);
      read.push(...symmetry.preimage(n, answer.read));
      if (answer.value === query.isCover) return [answer.value, distinct(read)];
    }
    return [first.value, distinct(read)];
  }

  /**
   * Returns whether the value is the same in the whole orbit, because the property reads only the permuted fields in
   * each image. This is then known of each image in which it reads all of them, too.
   */
  private isSymmetric(first: Answer, query: PropertyQuery, state: Int32Array, step: StepSignature): boolean {
    const { symmetry, movedBits } = this;
    if (first.isSymmetric) return true;
    const all = [first];
    for (let n = 1; n < symmetry.order; n++) {
      const answer = this.underPermutation(n, query, state, step);
      symmetry.applyToMask(n, first.bits, movedBits);
      if (answer.value !== first.value || !isSubset(answer.bits, movedBits)) return false;
      if (isSubset(movedBits, answer.bits)) all.push(answer);
    }
    for (const answer of all) answer.isSymmetric = true;
    return true;
  }

  /** Evaluates a property in the image of a state under the nth permutation. */
  private underPermutation(n: number, query: PropertyQuery, state: Int32Array, step: StepSignature): Answer {
    const { symmetry, image, trees, answers } = this;
    symmetry.apply(n, state, image);
    if (query.isStepCover) return this.evaluateUncached(query, symmetry.imageOfStep(n, step));
    const root = this.rootOf(query);
    const known = trees.find(root, image);
    if (known >= 0) return answers[known];
    const answer = this.evaluateUncached(query, step.step);
    if (answers.length < maxAnswers && trees.words < maxTreeWords)
      trees.insert(root, answer.read, image, answers.push(answer) - 1);
    return answer;
  }

  private evaluateUncached({ holds }: PropertyQuery, seen: Step): Answer {
    const { instrumented, symmetry, image } = this;
    const value = instrumented.record(image, () => holds(instrumented.program.instance.view, seen));
    const read = symmetry.withDependents(instrumented.read);
    return { value, read, bits: bitsOfAll(read, image.length), isSymmetric: false };
  }

  private rootOf({ property }: PropertyQuery): number {
    const root = this.roots[property] ?? this.trees.newTree();
    this.roots[property] = root;
    return root;
  }
}

const distinct = (fields: readonly BitField[]): BitField[] => [...new Set(fields)];
