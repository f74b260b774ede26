import { Bitmap } from '../model/bitmap.ts';
import type { StepSeen } from '../model/property.ts';
import { Around } from './around.ts';
import { apply } from './bits.ts';
import { DecisionTrees, enoughWords } from './decision-trees.ts';
import { type Effect, Effects } from './effects.ts';
import { EnabledEvents } from './enabled.ts';
import type { Moves } from './moves.ts';
import { Predicates } from './predicates.ts';
import type { Program } from './program.ts';
import type { StepMade } from './renamed.ts';
import type { Runner } from './runner.ts';
import { Step, type StepOutcome } from './step.ts';
import { Successors } from './successors.ts';
import { Twin } from './twin.ts';

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
  const isLarge = program.instance.cells.some(({ plain }) => plain instanceof Bitmap && plain.bits > 32);
  return isLarge ? program : new Memoised(program);
}

class Memoised extends Around {
  readonly successors?: Successors;

  private readonly twin: Twin;
  private readonly trees = new DecisionTrees();
  private readonly enabledEvents: EnabledEvents;
  /** by event: the number of its first choice */
  private readonly firstOf: Int32Array;
  private readonly effects: Effects;
  private readonly predicates: Predicates;
  /** what the last step did, unless the program itself took it */
  private last: Effect | undefined;

  constructor(private readonly program: Runner) {
    super(program);
    this.twin = new Twin(program);
    this.enabledEvents = new EnabledEvents(this.twin, this.state);
    this.effects = new Effects(this.twin, this.trees);
    this.firstOf = Int32Array.from(this.events, ({ id }) => this.effects.numbers.firstOf(id));
    this.predicates = new Predicates(this.state, this.twin, this.properties);
    // what waits in store buffers is in no group of events
    if (this.instance.storeBuffers.length === 0) {
      this.successors = new Successors(
        this.state,
        this.twin,
        this.enabledEvents,
        this.trees,
        this.effects,
        this.predicates,
        (effect) => this.take(this.effects.all[effect] as Effect),
      );
    }
  }

  override get counts(): Float64Array {
    return this.effects.addTo(Float64Array.from(this.program.counts));
  }

  override reset(): StepOutcome {
    this.last = undefined;
    return this.program.reset();
  }

  override enabled(out: Int32Array): number {
    const { instance, program, enabledEvents, state } = this;
    // what waits in store buffers is not in there
    return instance.storeBuffers.length > 0 ? program.enabled(out) : enabledEvents.of(state, out);
  }

  override step(event: number, payload: number): StepOutcome {
    const { effects, state } = this;
    const choice = (this.firstOf[event] as number) + payload;
    const found = effects.find(choice, state);
    if (found < 0 && this.trees.words > enoughWords) {
      this.last = undefined;
      return this.program.step(event, payload);
    }
    return this.take(effects.all[found >= 0 ? found : effects.learn(choice, state)] as Effect);
  }

  private take(effect: Effect): StepOutcome {
    const { outcome } = effect;
    if (outcome === Step.refused) return outcome;
    effect.hits++;
    this.last = effect;
    apply(effect.writes, this.state);
    return outcome;
  }

  override get moves(): Moves {
    return this.last ? this.last.moves : this.program.moves;
  }

  override taken(): number {
    return this.last ? this.last.taken : this.program.taken();
  }

  override seen(): StepSeen {
    return this.last ? this.last.seen : this.program.seen();
  }

  override violated(): number {
    return this.predicates.violated(this.lastStep());
  }

  override covers(open: readonly number[], hit: (property: number) => void): void {
    this.predicates.hits(open, this.lastStep(), hit);
  }

  private lastStep(): StepMade {
    if (this.last) return this.last;
    const seen = this.program.seen();
    return { seen, field: undefined, look: this.effects.lookOf(seen) };
  }

  override fault(): string {
    return this.last ? this.last.fault : this.program.fault();
  }
}
