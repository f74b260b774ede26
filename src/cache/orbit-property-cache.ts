import type { StepSeen } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOfAll, isSubset } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

/** More are not kept: they take about half a kilobyte each. */
const enoughAnswers = 1 << 18;

/** A property that is asked of states that stand for others. */
export interface PropertyQuery {
  /** its index in `properties` */
  readonly property: number;
  readonly holds: (view: unknown, step: StepSeen) => boolean;
  readonly isCover: boolean;
  readonly looksAtSteps: boolean;
}

/** What a property says of one state, and on which fields, or bits, that depends. */
interface Answer {
  readonly value: boolean;
  readonly read: readonly BitField[];
  readonly bits: Int32Array;
  /** whether it is known to say the same of all that becomes of the state, and to read the renamed fields only */
  isSymmetric: boolean;
}

/**
 * What properties say of states that stand for all that renaming makes of them: an invariant has to hold in each of those, and a cover is shown if
 * one of them shows it. What a property says of one state is remembered, as many are renamed to the same as far as it looks.
 */
export class OrbitPropertyCache {
  private readonly trees = new DecisionTrees();
  /** by property: the root of its tree, whose leaves are answers */
  private readonly roots: number[] = [];
  private readonly answers: Answer[] = [];
  private readonly variant: Int32Array;
  private readonly moved: Int32Array;

  constructor(
    private readonly twin: InstrumentedProgram,
    private readonly renamed: SymmetryGroup,
    words: number,
  ) {
    this.variant = new Int32Array(words);
    this.moved = new Int32Array(words);
  }

  /** What a property says of a state, and on which fields that depends. */
  of(asked: PropertyQuery, state: Int32Array, step: StepSignature): [boolean, readonly BitField[]] {
    const { renamed } = this;
    const first = this.underPermutation(0, asked, state, step);
    if (first.value === asked.isCover || this.isSymmetric(first, asked, state, step)) return [first.value, first.read];
    const read = [...first.read];
    for (let n = 1; n < renamed.order; n++) {
      const answer = this.underPermutation(n, asked, state, step);
      read.push(...renamed.preimage(n, answer.read));
      if (answer.value === asked.isCover) return [answer.value, withoutDoubles(read)];
    }
    return [first.value, withoutDoubles(read)];
  }

  /**
   * Whether a property says the same of all that becomes of a state, as it reads the renamed fields only. Of what becomes of it, as far as it reads
   * all of them, that is known then as well.
   */
  private isSymmetric(first: Answer, asked: PropertyQuery, state: Int32Array, step: StepSignature): boolean {
    const { renamed, moved } = this;
    if (first.isSymmetric) return true;
    const all = [first];
    for (let n = 1; n < renamed.order; n++) {
      const answer = this.underPermutation(n, asked, state, step);
      renamed.applyToMask(n, first.bits, moved);
      if (answer.value !== first.value || !isSubset(answer.bits, moved)) return false;
      if (isSubset(moved, answer.bits)) all.push(answer);
    }
    for (const answer of all) answer.isSymmetric = true;
    return true;
  }

  /** What a property says of what a state becomes in the nth way. */
  private underPermutation(n: number, asked: PropertyQuery, state: Int32Array, step: StepSignature): Answer {
    const { renamed, variant, trees, answers } = this;
    renamed.rename(n, state, variant);
    if (asked.looksAtSteps) return this.ask(asked, renamed.imageOfStep(n, step));
    const root = this.rootOf(asked);
    const known = trees.find(root, variant);
    if (known >= 0) return answers[known];
    const answer = this.ask(asked, step.seen);
    if (answers.length < enoughAnswers && trees.words < maxTreeWords)
      trees.insert(root, answer.read, variant, answers.push(answer) - 1);
    return answer;
  }

  private ask({ holds }: PropertyQuery, seen: StepSeen): Answer {
    const { twin, renamed, variant } = this;
    const value = twin.record(variant, () => holds(twin.program.instance.view, seen));
    const read = renamed.withDependents(twin.read);
    return { value, read, bits: bitsOfAll(read, variant.length), isSymmetric: false };
  }

  private rootOf({ property }: PropertyQuery): number {
    const root = this.roots[property] ?? this.trees.newTree();
    this.roots[property] = root;
    return root;
  }
}

const withoutDoubles = (slots: readonly BitField[]): BitField[] => [...new Set(slots)];
