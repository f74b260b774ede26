import type { Slot } from '../model/memory.ts';
import type { StepSeen } from '../model/property.ts';
import { bitsOfAll, isWithin } from './bits.ts';
import { DecisionTrees, enoughWords } from './decision-trees.ts';
import type { Renamed, StepMade } from './renamed.ts';
import type { Twin } from './twin.ts';

/** More are not kept: they take about half a kilobyte each. */
const enoughAnswers = 1 << 18;

/** A property that is asked of states that stand for others. */
export interface Asked {
  /** its index in `properties` */
  readonly property: number;
  readonly holds: (view: unknown, step: StepSeen) => boolean;
  readonly isCover: boolean;
  readonly looksAtSteps: boolean;
}

/** What a property says of one state, and on which fields, or bits, that depends. */
interface Answer {
  readonly says: boolean;
  readonly read: readonly Slot[];
  readonly bits: Int32Array;
  /** whether it is known to say the same of all that becomes of the state, and to read the renamed fields only */
  isAlike: boolean;
}

/**
 * What properties say of states that stand for all that renaming makes of them: an invariant has to hold in each of those, and a cover is shown if
 * one of them shows it. What a property says of one state is remembered, as many are renamed to the same as far as it looks.
 */
export class RenamedAnswers {
  private readonly trees = new DecisionTrees();
  /** by property: the root of its tree, whose leaves are answers */
  private readonly roots: number[] = [];
  private readonly answers: Answer[] = [];
  private readonly variant: Int32Array;
  private readonly moved: Int32Array;

  constructor(
    private readonly twin: Twin,
    private readonly renamed: Renamed,
    words: number,
  ) {
    this.variant = new Int32Array(words);
    this.moved = new Int32Array(words);
  }

  /** What a property says of a state, and on which fields that depends. */
  of(asked: Asked, state: Int32Array, step: StepMade): [boolean, readonly Slot[]] {
    const { renamed } = this;
    const first = this.inWay(0, asked, state, step);
    if (first.says === asked.isCover || this.isAlike(first, asked, state, step)) return [first.says, first.read];
    const read = [...first.read];
    for (let n = 1; n < renamed.ways; n++) {
      const answer = this.inWay(n, asked, state, step);
      read.push(...renamed.before(n, answer.read));
      if (answer.says === asked.isCover) return [answer.says, withoutDoubles(read)];
    }
    return [first.says, withoutDoubles(read)];
  }

  /**
   * Whether a property says the same of all that becomes of a state, as it reads the renamed fields only. Of what becomes of it, as far as it reads
   * all of them, that is known then as well.
   */
  private isAlike(first: Answer, asked: Asked, state: Int32Array, step: StepMade): boolean {
    const { renamed, moved } = this;
    if (first.isAlike) return true;
    const all = [first];
    for (let n = 1; n < renamed.ways; n++) {
      const answer = this.inWay(n, asked, state, step);
      renamed.move(n, first.bits, moved);
      if (answer.says !== first.says || !isWithin(answer.bits, moved)) return false;
      if (isWithin(moved, answer.bits)) all.push(answer);
    }
    for (const answer of all) answer.isAlike = true;
    return true;
  }

  /** What a property says of what a state becomes in the nth way. */
  private inWay(n: number, asked: Asked, state: Int32Array, step: StepMade): Answer {
    const { renamed, variant, trees, answers } = this;
    renamed.rename(n, state, variant);
    if (asked.looksAtSteps) return this.ask(asked, renamed.seenAs(n, step));
    const root = this.rootOf(asked);
    const known = trees.find(root, variant);
    if (known >= 0) return answers[known] as Answer;
    const answer = this.ask(asked, step.seen);
    if (answers.length < enoughAnswers && trees.words < enoughWords)
      trees.learn(root, answer.read, variant, answers.push(answer) - 1);
    return answer;
  }

  private ask({ holds }: Asked, seen: StepSeen): Answer {
    const { twin, renamed, variant } = this;
    const says = twin.watch(variant, () => holds(twin.program.instance.view, seen));
    const read = renamed.closed(twin.read);
    return { says, read, bits: bitsOfAll(read, variant.length), isAlike: false };
  }

  private rootOf({ property }: Asked): number {
    const root = this.roots[property] ?? this.trees.plant();
    this.roots[property] = root;
    return root;
  }
}

const withoutDoubles = (slots: readonly Slot[]): Slot[] => [...new Set(slots)];
