import { applyPatch, bitsOfAll, equalUnderMask, isEqual, isSubset } from '../../cache/access-sets.ts';
import { DecisionTrees, maxTreeWords } from '../../cache/decision-trees.ts';
import type { Effect } from '../../cache/effect-cache.ts';
import type { SuccessorCache } from '../../cache/successor-cache.ts';
import type { StepSignature, SymmetryGroup } from '../../cache/symmetry-group.ts';
import { compile, type Program, StepOutcome } from '../../compile/program.ts';
import { ProgramDecorator } from '../../compile/program-decorator.ts';
import { PrecopyError } from '../../model/errors.ts';
import { eventName } from '../../model/events.ts';
import type { StepSeen } from '../../model/property.ts';
import { type Choice, ChoiceIds } from '../../model/schedule.ts';
import type { BitField } from '../../model/state-layout.ts';
import { ScheduleRunner } from '../shrink/shrink.ts';
import type { AdditiveHash } from '../storage/additive-hash.ts';
import { OrbitHash } from './orbit-hash.ts';
import { enumeratePermutations, Permutation } from './permutation.ts';
import { StateFields } from './state-fields.ts';
import { SymmetricProcesses } from './symmetric-processes.ts';

/** More ways to rename than this are not tried for each effect of a step: five actors of a kind. */
const enoughRenamings = 120;

/**
 * A program whose states are taken for one another where they differ only in which actor is which (C. N. Ip and D. L. Dill: Better Verification
 * Through Symmetry, FMSD 1996). They have equal `sums`; the first that is found stands for all.
 *
 * That renaming keeps steps is not believed but proved, on the way: for each effect that a step has, the renamed step is taken in the renamed
 * state as well, and has to touch no other fields than the renamed ones, and to lead to the renamed state. What it does not look at cannot make
 * a difference. So a loop over actors in order, a number of an actor that is compared, and a cell that the declaration has left out
 * end the search.
 */
export class SymmetryReducedProgram extends ProgramDecorator implements SymmetryGroup {
  /** all renamings; the first is the identity */
  readonly renamings: readonly Permutation[];
  readonly sums: AdditiveHash;
  readonly successors: SuccessorCache;
  private readonly inverses: readonly Permutation[];
  private readonly numbers: ChoiceIds;
  private readonly fields: StateFields;
  /** of effects that are proved, with all that renaming makes of them: by choice the root of a tree */
  private readonly checked = new DecisionTrees();
  private readonly roots: Int32Array;

  /**
   * @param program one that remembers
   * @throws PrecopyError `NOT_SOUND` for a system that declares no symmetry, or is too large for it
   */
  constructor(program: Program) {
    super(program);
    const { design, events, instance, successors } = program;
    const { symmetry } = design.system.spec;
    if (symmetry === undefined) throw refusal(design.id, 'its system declares no actors that may change places');
    if (instance.storeBuffers.length > 0) throw refusal(design.id, 'store buffers do not change places');
    if (!successors) throw refusal(design.id, 'it has cells of more than 32 bits at this size');
    const places = new SymmetricProcesses(program, symmetry);
    const permutations = enumeratePermutations(places.kinds);
    if (permutations.length > enoughRenamings) {
      throw refusal(design.id, `there are ${permutations.length} ways to rename at this size`);
    }
    this.fields = new StateFields(places, successors.twin.layout.fields);
    this.renamings = permutations.map((images) => new Permutation(program, places, this.fields, images));
    this.inverses = permutations.map((images) => {
      const inverse = images.map((_, place) => images.indexOf(place));
      return this.renamings.find((one) => one.images.join() === inverse.join()) as Permutation;
    });
    this.numbers = new ChoiceIds(events);
    this.roots = Int32Array.from({ length: this.numbers.count }, () => this.checked.newTree());
    this.sums = new OrbitHash(places, this.fields);
    this.successors = successors;
    successors.renameBy(this);
  }

  get order(): number {
    return this.renamings.length;
  }

  override reset(): StepOutcome {
    const outcome = this.inner.reset();
    const renamed = new Int32Array(this.state.length);
    for (let n = 0; n < this.order; n++) {
      this.rename(n, this.state, renamed);
      if (!isEqual(renamed, this.state)) throw refusal(this.design.id, 'actors differ in the initial state');
    }
    return outcome;
  }

  override isValidEndState(): boolean {
    return this.amongRenamed(() => this.inner.isValidEndState()).every((may) => may);
  }

  rename(n: number, from: Int32Array, into: Int32Array): void {
    this.renamings[n].apply(from, into);
  }

  withDependents(fields: readonly BitField[]): BitField[] {
    return this.fields.withDependents(fields);
  }

  applyToMask(n: number, bits: Int32Array, into: Int32Array): void {
    this.renamings[n].applyToMask(bits, into);
  }

  preimage(n: number, fields: readonly BitField[]): BitField[] {
    return this.fields.withDependents(this.fields.permute(fields, this.inverses[n]));
  }

  imageOfStep(n: number, { seen: { actor, actions, payload }, field }: StepSignature): StepSeen {
    const renaming = this.renamings[n];
    return { actor: renaming.actors[actor] ?? actor, actions, payload: renaming.payloadOf(field, payload) };
  }

  checkEquivariance(choice: number, { before, writes, outcome, fields }: Effect): void {
    if (this.checked.find(this.roots[choice], before) >= 0) return;
    const words = before.length;
    const touched = bitsOfAll(fields, words);
    const after = Int32Array.from(before);
    applyPatch(writes, after);
    const images: Image[] = [];
    for (const renaming of this.renamings) {
      const image: Image = {
        choice: renaming.choices[choice],
        touched: new Int32Array(words),
        start: new Int32Array(words),
        end: new Int32Array(words),
      };
      renaming.applyToMask(touched, image.touched);
      renaming.apply(before, image.start);
      renaming.apply(after, image.end);
      const like = images.find((one) => sameImage(one, image));
      const isKept = like
        ? outcome !== StepOutcome.taken || equalUnderMask(like.end, image.end, image.touched)
        : this.isKept(image, outcome, this.fields.permute(fields, renaming));
      if (!isKept) throw this.brokenBy(choice, renaming);
      if (!like) images.push(image);
    }
  }

  /** Takes a renamed step, in a state that is only changed by it: whether it does what it has to. */
  private isKept({ choice, touched, start, end }: Image, outcome: StepOutcome, fields: readonly BitField[]): boolean {
    const { twin } = this.successors;
    const { event, payload } = this.numbers.choiceOf(choice);
    const words = start.length;
    const renamedOutcome = twin.record(start, () => twin.program.step(event, payload));
    const touchedNow = bitsOfAll(this.withDependents([...twin.read, ...twin.written()]), words);
    if (isEqual(touchedNow, touched) && this.checked.words < maxTreeWords)
      this.checked.tryInsert(this.roots[choice], fields, start, 1);
    const reached = Int32Array.from(start);
    applyPatch(twin.writes(), reached);
    return (
      renamedOutcome === outcome &&
      isSubset(touchedNow, touched) &&
      (outcome !== StepOutcome.taken || isEqual(reached, end))
    );
  }

  /** A schedule that leads to a state in which a property breaks, or that renaming makes one of in which it does: so that it does itself. */
  concretize(schedule: readonly Choice[], property: string): Choice[] {
    const { design, params, numbers, renamings } = this;
    const follower = new ScheduleRunner(compile(design, params));
    for (const { choices } of renamings) {
      const renamed = schedule.map(({ event, payload }) => choices[numbers.firstOf(event) + payload]);
      const { taken, broken } = follower.follow(renamed);
      if (broken === property && taken.length === renamed.length) return renamed.map((one) => numbers.choiceOf(one));
    }
    throw new PrecopyError('INTERNAL', `${design.id}: no renaming breaks ${property}`, 'please report this');
  }

  /** How many states the current one stands for. */
  orbitSize(): number {
    return new Set(this.amongRenamed(() => this.state.join())).size;
  }

  /** What is said of each renamed state. */
  private amongRenamed<T>(ask: () => T): T[] {
    const { state } = this;
    const here = Int32Array.from(state);
    return this.renamings.map((renaming) => {
      renaming.apply(here, state);
      const answer = ask();
      state.set(here);
      return answer;
    });
  }

  private brokenBy(number: number, { images }: Permutation): PrecopyError {
    const { event, payload } = this.numbers.choiceOf(number);
    const name = eventName(this.instance, this.events[event], payload);
    return refusal(this.design.id, `'${name}' does something else when the actors change places (${images.join(' ')})`);
  }
}

/** What a renaming makes of a step: of the choice, of the bits that it touches, of a state before it and of the one behind it. */
interface Image {
  readonly choice: number;
  readonly touched: Int32Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
}

/** Whether two renamings make the same of all that a step depends on: it need not be taken twice. */
function sameImage(one: Image, other: Image): boolean {
  return (
    one.choice === other.choice &&
    isEqual(one.touched, other.touched) &&
    equalUnderMask(one.start, other.start, other.touched)
  );
}

function refusal(design: string, why: string): PrecopyError {
  return new PrecopyError('NOT_SOUND', `symmetry is not sound for ${design}: ${why}`, 'search without it');
}
