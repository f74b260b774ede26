import { BlockBitmap } from '../model/bitmap.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Property, StepSeen } from '../model/property.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
import { DecisionTrees } from './decision-trees.ts';
import { EnabledEvents } from './enabled.ts';
import type { Moves } from './moves.ts';
import type { Program } from './program.ts';
import type { Runner } from './runner.ts';
import { Step, type StepOutcome } from './step.ts';
import { Twin } from './twin.ts';

/** Decision trees grow up to so many words, 64 MiB; what they do not hold by then is computed each time. */
const enoughWords = 1 << 24;

/**
 * The same program, several times as fast where states are small: it remembers what each step did to the fields of the state that it
 * depended on, and what each property and cover said. Actions, guards and predicates run only where those fields have a new combination
 * of values, on a twin of the system whose memory is watched. It asks of them what replay asks anyway: that they are functions of the
 * cells, the event and the sizes. (LTSmin calls it transition caching: S. Blom, J. van de Pol and M. Weber, CAV 2010. There the
 * dependencies are declared; here they are observed.)
 *
 * A system with cells of more than 32 bits is left as it is.
 */
export function memoise(program: Runner): Program {
  const isLarge = program.instance.cells.some(({ plain }) => plain instanceof BlockBitmap);
  return isLarge ? program : new Memoised(program);
}

/** What all steps that end in one leaf have in common. */
interface Effect {
  readonly outcome: StepOutcome;
  /** by changed word: its number, the bits that stay, the bits that are set */
  readonly writes: Int32Array;
  /** the transitions that all actors took */
  readonly fired: readonly number[];
  readonly taken: number;
  readonly moves: Moves;
  readonly seen: StepSeen;
  /** equal for steps that covers cannot tell apart */
  readonly look: number;
  readonly fault: string;
  /** how often it was found */
  hits: number;
}

interface Predicate {
  /** its index in `properties` */
  readonly property: number;
  readonly holds: (view: unknown, step: StepSeen) => boolean;
  /** by the look of the last step, where it sees the step: the root of its tree */
  readonly roots: number[];
}

class Memoised implements Program {
  readonly design: Program['design'];
  readonly params: Program['params'];
  readonly state: Int32Array;
  readonly events: Program['events'];
  readonly actors: Program['actors'];
  readonly properties: readonly Property[];
  readonly transitions: Program['transitions'];
  readonly instance: Program['instance'];
  readonly arrows: Program['arrows'];

  private readonly twin: Twin;
  private readonly trees = new DecisionTrees();
  private readonly enabledEvents: EnabledEvents;
  /** by event: the number of its first choice; by choice: the root of its tree */
  private readonly firstOf: Int32Array;
  private readonly roots: Int32Array;
  private readonly effects: Effect[] = [];
  private readonly looks = new Map<string, number>();
  private readonly invariants: readonly Predicate[];
  private readonly coverPredicates: readonly (Predicate | undefined)[];
  /** what the last step did, unless the program itself took it */
  private last: Effect | undefined;

  constructor(private readonly program: Runner) {
    this.design = program.design;
    this.params = program.params;
    this.state = program.state;
    this.events = program.events;
    this.actors = program.actors;
    this.properties = program.properties;
    this.transitions = program.transitions;
    this.instance = program.instance;
    this.arrows = program.arrows;
    this.twin = new Twin(program);
    this.enabledEvents = new EnabledEvents(this.twin, this.state);
    const numbers = new ChoiceNumbers(this.events);
    this.firstOf = Int32Array.from(this.events, ({ id }) => numbers.firstOf(id));
    this.roots = Int32Array.from({ length: numbers.count }, () => this.trees.plant());
    this.invariants = this.properties.flatMap((property, n) =>
      property.kind === 'invariant' ? [{ property: n, holds: property.holds, roots: [] }] : [],
    );
    this.coverPredicates = this.properties.map((property, n) =>
      property.kind === 'cover' ? { property: n, holds: property.seen, roots: [] } : undefined,
    );
  }

  get counts(): Float64Array {
    const counts = Float64Array.from(this.program.counts);
    for (const { fired, hits } of this.effects) {
      for (const n of fired) counts[n] = (counts[n] as number) + hits;
    }
    return counts;
  }

  reset(): StepOutcome {
    this.last = undefined;
    return this.program.reset();
  }

  enabled(out: Int32Array): number {
    const { instance, program, enabledEvents, state } = this;
    // what waits in store buffers is not in there
    return instance.storeBuffers.length > 0 ? program.enabled(out) : enabledEvents.of(state, out);
  }

  step(event: number, payload: number): StepOutcome {
    const { trees, state } = this;
    const root = this.roots[(this.firstOf[event] as number) + payload] as number;
    const leaf = trees.find(root, state);
    const effect = leaf >= 0 ? (this.effects[leaf] as Effect) : this.learnStep(root, event, payload);
    if (effect === undefined) {
      this.last = undefined;
      return this.program.step(event, payload);
    }
    const { outcome, writes } = effect;
    if (outcome === Step.refused) return outcome;
    effect.hits++;
    this.last = effect;
    for (let n = 0; n < writes.length; n += 3) {
      const word = writes[n] as number;
      state[word] = ((state[word] as number) & (writes[n + 1] as number)) | (writes[n + 2] as number);
    }
    return outcome;
  }

  offers(actor: number): Int32Array {
    return this.program.offers(actor);
  }

  accepts(event: number): boolean {
    return this.program.accepts(event);
  }

  get moves(): Moves {
    return this.last ? this.last.moves : this.program.moves;
  }

  taken(): number {
    return this.last ? this.last.taken : this.program.taken();
  }

  seen(): StepSeen {
    return this.last ? this.last.seen : this.program.seen();
  }

  violated(): number {
    const { invariants } = this;
    for (let n = 0; n < invariants.length; n++) {
      const invariant = invariants[n] as Predicate;
      if (!this.test(invariant, 0)) return invariant.property;
    }
    return -1;
  }

  covers(open: readonly number[], hit: (property: number) => void): void {
    const look = this.last ? this.last.look : this.lookOf(this.program.seen());
    for (let i = open.length - 1; i >= 0; i--) {
      const n = open[i] as number;
      const cover = this.coverPredicates[n];
      if (cover && this.test(cover, look)) hit(n);
    }
  }

  mayStop(): boolean {
    return this.program.mayStop();
  }

  fault(): string {
    return this.last ? this.last.fault : this.program.fault();
  }

  private learnStep(root: number, event: number, payload: number): Effect | undefined {
    const { trees, twin, effects } = this;
    if (trees.words > enoughWords) return undefined;
    const { counts } = twin.program;
    counts.fill(0);
    const outcome = twin.watch(this.state, () => twin.program.step(event, payload));
    const seen = twin.program.seen();
    const effect: Effect = {
      outcome,
      writes: twin.writes(),
      fired: [...counts].flatMap((times, n) => Array.from({ length: times }, () => n)),
      taken: twin.program.taken(),
      moves: twin.program.moves.copy(),
      seen,
      look: this.lookOf(seen),
      fault: twin.program.fault(),
      hits: 0,
    };
    this.remember(root, effects.push(effect) - 1);
    return effect;
  }

  private lookOf({ actor, actions, payload }: StepSeen): number {
    const key = `${actor} ${payload} ${actions}`;
    const look = this.looks.get(key) ?? this.looks.size;
    this.looks.set(key, look);
    return look;
  }

  private test(predicate: Predicate, look: number): boolean {
    const { trees, state, twin } = this;
    let root = predicate.roots[look];
    if (root === undefined) {
      root = trees.plant();
      predicate.roots[look] = root;
    }
    const leaf = trees.find(root, state);
    if (leaf >= 0) return leaf === 1;
    const step = this.seen();
    if (trees.words > enoughWords) return predicate.holds(this.instance.view, step);
    const holds = twin.watch(state, () => predicate.holds(twin.program.instance.view, step));
    this.remember(root, holds ? 1 : 0);
    return holds;
  }

  private remember(root: number, leaf: number): void {
    if (this.trees.grow(root, this.twin.read, this.state, leaf)) return;
    throw new PrecopyError(
      'INTERNAL',
      'an action, a guard or a property did something else on the same values of the cells that it read',
      'please report this, unless one of them depends on something beside the cells, the event and the sizes',
    );
  }
}
