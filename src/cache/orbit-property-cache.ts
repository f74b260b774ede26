import { bitsOfAll, isSubset } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import { type Evaluation, evaluateObserved, type PropertyQuery } from './property-evaluation.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

/** Maximum number of cached values. */
const maxAnswers = 1 << 18;
/** Memory of a value without what depends on the size of states, in bytes. */
const bytesPerAnswer = 400;

/** The value of a property in a state, and the fields that it read. */
interface Answer extends Evaluation {
  /** mask of these fields */
  readonly bits: Int32Array;
  /**
   * true if the value is known to be the same in the whole orbit, whatever the step, and to depend on the permuted
   * fields only
   */
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
  private answerBytes = 0;
  private maxBytes = Number.POSITIVE_INFINITY;
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

  /** memory of the cache, in bytes */
  get bytes(): number {
    return this.trees.bytes + this.answerBytes;
  }

  limit(bytes: number): void {
    this.maxBytes = bytes;
  }

  clear(): void {
    this.trees.clear();
    this.roots.length = 0;
    this.answers.length = 0;
    this.answerBytes = 0;
  }

  /** Evaluates a property over the orbit of a state. The fields are those of the state. */
  evaluate(query: PropertyQuery, state: Int32Array, step: StepSignature): Evaluation {
    const { symmetry } = this;
    const first = this.underPermutation(0, query, state, step);
    if (first.value === query.isCover || this.isSymmetric(first, query, state, step)) return first;
    const read = new Set(first.read);
    let { readBeforeStep } = first;
    for (let n = 1; n < symmetry.order; n++) {
      const answer = this.underPermutation(n, query, state, step);
      const { readBeforeStep: readByImage } = answer;
      if (readByImage !== undefined && readBeforeStep === undefined) {
        const before = symmetry.preimage(n, answer.read.slice(0, readByImage));
        readBeforeStep = new Set([...read, ...before]).size;
      }
      for (const field of symmetry.preimage(n, answer.read)) read.add(field);
      if (answer.value === query.isCover) return { value: answer.value, read: [...read], readBeforeStep };
    }
    return { value: first.value, read: [...read], readBeforeStep };
  }

  /**
   * Returns whether the value is the same in the whole orbit, because the property reads only the permuted fields in
   * each image. This is then known of each image in which it reads all of them, too.
   */
  private isSymmetric(first: Answer, query: PropertyQuery, state: Int32Array, step: StepSignature): boolean {
    const { symmetry, movedBits } = this;
    if (first.isSymmetric) return true;
    const looks = first.readBeforeStep !== undefined;
    const all = [first];
    for (let n = 1; n < symmetry.order; n++) {
      const answer = this.underPermutation(n, query, state, step);
      symmetry.applyToMask(n, first.bits, movedBits);
      if (answer.value !== first.value || !isSubset(answer.bits, movedBits)) return false;
      if ((answer.readBeforeStep !== undefined) !== looks) return false;
      if (isSubset(movedBits, answer.bits)) all.push(answer);
    }
    if (!looks) for (const answer of all) answer.isSymmetric = true;
    return true;
  }

  /** Evaluates a property in the image of a state under the nth permutation. */
  private underPermutation(n: number, query: PropertyQuery, state: Int32Array, step: StepSignature): Answer {
    const { symmetry, instrumented, image, trees, answers } = this;
    symmetry.apply(n, state, image);
    const root = this.rootOf(query);
    const known = trees.find(root, image);
    if (known >= 0 && answers[known].readBeforeStep === undefined) return answers[known];
    const evaluation = evaluateObserved(query, instrumented, image, symmetry.imageOfStep(n, step));
    const before = evaluation.read.slice(0, evaluation.readBeforeStep);
    const fieldsOfTree = symmetry.withDependents(before);
    const read = symmetry.withDependents(evaluation.read);
    const answer: Answer = {
      value: evaluation.value,
      read,
      readBeforeStep: evaluation.readBeforeStep === undefined ? undefined : fieldsOfTree.length,
      bits: bitsOfAll(read, image.length),
      isSymmetric: false,
    };
    if (known >= 0) return answer;
    if (answers.length >= maxAnswers || trees.words > maxTreeWords || this.bytes > this.maxBytes) this.clear();
    const isKept = trees.insert(this.rootOf(query), fieldsOfTree, image, answers.length);
    if (isKept) {
      answers.push(answer);
      this.answerBytes += bytesPerAnswer + 4 * image.length + 8 * read.length;
    }
    return answer;
  }

  private rootOf({ property }: PropertyQuery): number {
    const root = this.roots[property] ?? this.trees.newTree();
    this.roots[property] = root;
    return root;
  }
}
