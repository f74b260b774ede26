import { Around } from '../compile/around.ts';
import { apply, isEqual } from '../compile/bits.ts';
import { DecisionTrees } from '../compile/decision-trees.ts';
import { NeverShown } from '../compile/never-shown.ts';
import { type Program, Step } from '../compile/program.ts';
import type { StepOutcome } from '../compile/step.ts';
import type { Successors } from '../compile/successors.ts';
import { Twin } from '../compile/twin.ts';
import { BlockBitmap } from '../model/block-bitmap.ts';
import { PrecopyError } from '../model/errors.ts';
import { eventName, type SystemEvent } from '../model/events.ts';
import { looksAtSteps, type Property, type StepSeen } from '../model/property.ts';
import { type Choice, ChoiceNumbers } from '../model/schedule.ts';
import type { SymmetrySpec } from '../model/symmetry.ts';
import { PackedRenaming } from './packed-renaming.ts';
import { Fields } from './renamed-fields.ts';
import { permutationsOf, Renaming } from './renaming.ts';
import { Follower } from './shrink.ts';

/** More ways to rename than this are not tried for each state: five actors of a kind. */
const enoughRenamings = 120;

/**
 * A program whose states are taken for one another where they differ only in which actor is which: after each step the current state becomes
 * the least of those that renaming makes of it (C. N. Ip and D. L. Dill: Better Verification Through Symmetry, FMSD 1996). Any engine that visits
 * states can drive it. What it finds is a schedule of such states: `unfold` makes it one of the system.
 *
 * That renaming keeps steps is not believed but proved, on the way: for each combination of the fields that a step depends on, the step
 * is taken in every renamed state as well, and has to depend on the renamed fields, change the renamed fields, and lead to the renamed
 * state. What it does not look at cannot make a difference. So a loop over actors in order, a number of an actor that is compared, and
 * a cell that the declaration has left out end the search.
 */
export class Symmetric extends Around {
  /** all renamings; the first is the identity */
  readonly renamings: readonly Renaming[];
  readonly successors?: Successors;

  private readonly twin: Twin;
  private readonly trees = new DecisionTrees();
  private readonly roots: Int32Array;
  private readonly numbers: ChoiceNumbers;
  private readonly fields: Fields;
  private readonly raw: Int32Array;
  private readonly least: Int32Array;
  private readonly renamed: Int32Array;
  private readonly packed: readonly PackedRenaming[];
  /** the name of the payload of the last step */
  private lastField: string | undefined;
  /** the number of the renaming that made its state canonical */
  private lastRenaming = 0;

  /**
   * @throws PrecopyError `NOT_SOUND` for a system that declares no symmetry, or is too large for it
   */
  constructor(program: Program) {
    super(program);
    const { design, params, state, events, instance } = program;
    const spec: SymmetrySpec | undefined = design.system.spec.symmetry;
    if (spec === undefined) throw refusal(design.id, 'its system declares no actors that may change places');
    if (instance.cells.some(({ plain }) => plain instanceof BlockBitmap)) {
      throw refusal(design.id, 'it has cells of more than 32 bits at this size');
    }
    if (instance.storeBuffers.length > 0) throw refusal(design.id, 'store buffers do not change places');
    const players = instance.actors.filter(({ role }) => role === spec.role);
    const kinds = players.map((_, nth) => spec.kindOf?.(params, nth) ?? 0);
    const permutations = permutationsOf(kinds);
    if (permutations.length > enoughRenamings) {
      throw refusal(design.id, `there are ${permutations.length} ways to rename at this size`);
    }
    this.renamings = permutations.map((images) => new Renaming(program, spec, images));
    this.twin = new Twin(program);
    this.numbers = new ChoiceNumbers(events);
    this.roots = Int32Array.from({ length: this.numbers.count }, () => this.trees.plant());
    this.fields = new Fields(program, this.twin, spec);
    this.raw = new Int32Array(state.length);
    this.least = new Int32Array(state.length);
    this.renamed = new Int32Array(state.length);
    this.packed = this.renamings.map((renaming) => new PackedRenaming(program, this.twin, spec, renaming));
    if (program.successors) this.successors = this.canonical(program.successors);
  }

  override reset(): StepOutcome {
    const outcome = this.inner.reset();
    this.lastField = undefined;
    this.raw.set(this.state);
    for (const renaming of this.renamings) {
      this.state.set(this.raw);
      renaming.apply();
      if (!isEqual(this.state, this.raw)) throw refusal(this.design.id, 'actors differ in the initial state');
    }
    return outcome;
  }

  override step(event: number, payload: number): StepOutcome {
    this.proveOnce(this.numbers.firstOf(event) + payload);
    return this.ended(this.inner.step(event, payload), this.events[event]?.field);
  }

  /** Successors that are canonical; their choices are proved to be kept by renaming. */
  private canonical(inner: Successors): Successors {
    const { choices } = inner;
    const neverShown = new NeverShown(this.twin);
    const fields = Array.from(choices, (_, number) => this.events[this.numbers.choiceOf(number).event]?.field);
    return {
      choices,
      look: () => inner.look(),
      take: (n) => {
        const choice = choices[n] as number;
        this.proveOnce(choice);
        return this.ended(inner.take(n), fields[choice]);
      },
      commute: (n, m, state) => inner.commute(n, m, state),
      mayShow: (n, covers) => {
        const seen = inner.seen(n);
        if (!seen) return true;
        return !neverShown.has(seen, covers, (step) => this.variantsOf(step, fields[choices[n] as number]));
      },
      seen: (n) => inner.seen(n),
      named: (choice) => (this.renamings[this.lastRenaming] as Renaming).choices[choice] as number,
    };
  }

  private ended(outcome: StepOutcome, field: string | undefined): StepOutcome {
    if (outcome !== Step.taken) return outcome;
    this.lastField = field;
    this.raw.set(this.state);
    this.lastRenaming = this.makeCanonical();
    return outcome;
  }

  private proveOnce(choice: number): void {
    if (this.trees.find(this.roots[choice] as number, this.state) < 0) this.prove(choice);
  }

  override violated(): number {
    return (
      this.amongRenamed(
        () => this.inner.violated(),
        (index) => index >= 0,
      ) ?? -1
    );
  }

  override mayStop(): boolean {
    return (
      this.amongRenamed(
        () => this.inner.mayStop(),
        (may) => !may,
      ) ?? true
    );
  }

  override covers(open: readonly number[], hit: (property: number) => void): void {
    this.least.set(this.state);
    const variants = this.variantsOf(this.inner.seen(), this.lastField);
    // what states show, all states of the same orbit show; a step goes with the state that it led to
    const start = open.some((n) => looksAtSteps(this.properties[n] as Property)) ? this.raw : this.least;
    for (const [nth, seen] of variants.entries()) {
      (this.packed[nth] as PackedRenaming).rename(start, this.state);
      for (const n of [...open]) {
        const property = this.properties[n] as Property;
        if (property.kind === 'cover' && property.seen(this.instance.view, seen)) hit(n);
      }
    }
    this.state.set(this.least);
  }

  /** A step as it is seen in each renaming. */
  private variantsOf({ actor, actions, payload }: StepSeen, field: string | undefined): StepSeen[] {
    return this.renamings.map((renaming) => ({
      actor: renaming.actors[actor] ?? actor,
      actions,
      payload: renaming.payloadOf(field, payload),
    }));
  }

  /** A schedule of this program as one of the system itself that breaks the same property. */
  unfold(schedule: readonly Choice[], property: string): Choice[] {
    const { inner, state, numbers, renamings } = this;
    const path: number[] = [];
    inner.reset();
    for (const { event, payload } of schedule) {
      const here = Int32Array.from(state);
      const renaming = this.renamings[this.makeCanonical()] as Renaming;
      state.set(here);
      const choice = renaming.choices.indexOf(numbers.firstOf(event) + payload);
      path.push(choice);
      const { event: taken, payload: with_ } = numbers.choiceOf(choice);
      inner.step(taken, with_);
    }
    const follower = new Follower(inner);
    for (const { choices } of renamings) {
      const renamed = path.map((number) => choices[number] as number);
      const { taken, broken } = follower.follow(renamed);
      if (broken === property && taken.length === path.length) return renamed.map((number) => numbers.choiceOf(number));
    }
    throw new PrecopyError('INTERNAL', `${this.design.id}: no renaming breaks ${property}`, 'please report this');
  }

  /** How many states the current one stands for. */
  orbitSize(): number {
    const orbit = new Set<string>();
    this.amongRenamed(
      () => orbit.add(this.state.join()),
      () => false,
    );
    return orbit.size;
  }

  /** Makes the least of the renamed states current; the renaming that led to it. */
  private makeCanonical(): number {
    const { state, packed, renamed, least } = this;
    least.set(state);
    let best = 0;
    for (let n = 1; n < packed.length; n++) {
      (packed[n] as PackedRenaming).rename(state, renamed);
      if (!isLess(renamed, least)) continue;
      least.set(renamed);
      best = n;
    }
    state.set(least);
    return best;
  }

  /** Asks in all renamed states, until an answer is one to stop at. */
  private amongRenamed<T>(ask: () => T, isWanted: (answer: T) => boolean): T | undefined {
    const here = Int32Array.from(this.state);
    let found: T | undefined;
    for (const renaming of this.packed) {
      renaming.rename(here, this.state);
      const answer = ask();
      if (!isWanted(answer)) continue;
      found = answer;
      break;
    }
    this.state.set(here);
    return found;
  }

  /** Proves that a choice is renamed with the state, for all states that agree with this one in what it depends on. */
  private prove(number: number): void {
    const { state, fields, renamings } = this;
    const here = Int32Array.from(state);
    const plain = this.takeOnTwin(number);
    const after = Int32Array.from(plain.after);
    for (const renaming of renamings.slice(1)) {
      state.set(here);
      renaming.apply();
      const renamed = this.takeOnTwin(renaming.choices[number] as number);
      state.set(after);
      renaming.apply();
      const isKept =
        renamed.outcome === plain.outcome &&
        isWithin(renamed.reads, fields.renamed(plain.reads, renaming)) &&
        (plain.outcome !== Step.taken ||
          (isEqual(renamed.after, state) &&
            renamed.writes.size === plain.writes.size &&
            isWithin(renamed.writes, fields.renamed(plain.writes, renaming))));
      if (!isKept) throw this.brokenBy(number, renaming);
    }
    state.set(here);
    this.trees.grow(this.roots[number] as number, fields.slotsOf(plain.reads), here, 1);
  }

  private takeOnTwin(number: number) {
    const { twin, numbers, state, fields } = this;
    const { event, payload } = numbers.choiceOf(number);
    const outcome = twin.watch(state, () => twin.program.step(event, payload));
    const after = Int32Array.from(state);
    const writes = twin.writes();
    apply(writes, after);
    const written = fields.closed(fields.within(writes));
    return {
      outcome,
      after,
      writes: written,
      reads: fields.closed([...fields.of(twin.read), ...fields.inUnits(written)]),
    };
  }

  private brokenBy(number: number, { images }: Renaming): PrecopyError {
    const { event, payload } = this.numbers.choiceOf(number);
    const name = eventName(this.instance, this.events[event] as SystemEvent, payload);
    return refusal(this.design.id, `'${name}' does something else when the actors change places (${images.join(' ')})`);
  }
}

function isWithin(some: ReadonlySet<number>, all: ReadonlySet<number>): boolean {
  for (const one of some) if (!all.has(one)) return false;
  return true;
}

function isLess(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if (one[n] !== other[n]) return (one[n] as number) < (other[n] as number);
  return false;
}

function refusal(design: string, why: string): PrecopyError {
  return new PrecopyError('NOT_SOUND', `symmetry is not sound for ${design}: ${why}`, 'search without it');
}
