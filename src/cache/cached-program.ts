import type { Interpreter } from '../compile/interpreter.ts';
import type { Microsteps } from '../compile/microsteps.ts';
import type { Program } from '../compile/program.ts';
import { ProgramDecorator } from '../compile/program-decorator.ts';
import { StepOutcome } from '../compile/step-outcome.ts';
import { Bitmap } from '../model/bitmap.ts';
import type { StepSeen } from '../model/property.ts';
import { applyPatch } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import { type Effect, EffectCache } from './effect-cache.ts';
import { EnabledEvents } from './enabled-events.ts';
import { InstrumentedProgram } from './instrumented-program.ts';
import { PropertyCache } from './property-cache.ts';
import { SuccessorCache } from './successor-cache.ts';
import type { StepSignature } from './symmetry-group.ts';

/**
 * The same program, several times as fast where states are small: it remembers what each step did to the fields of the state that it
 * depended on, and what each property and cover said. Actions, guards and predicates run only where those fields have a new combination
 * of values, on a twin of the system whose memory is watched. It asks of them what replay asks anyway: that they are functions of the
 * cells, the event and the sizes. (LTSmin calls it transition caching: S. Blom, J. van de Pol and M. Weber, CAV 2010. There the
 * dependencies are declared; here they are observed.)
 *
 * A system with cells of more than 32 bits is left as it is.
 */
export function memoise(program: Interpreter): Program {
  const isLarge = program.instance.cells.some(({ plain }) => plain instanceof Bitmap && plain.bits > 32);
  return isLarge ? program : new CachedProgram(program);
}

class CachedProgram extends ProgramDecorator {
  readonly successors?: SuccessorCache;

  private readonly twin: InstrumentedProgram;
  private readonly trees = new DecisionTrees();
  private readonly enabledEvents: EnabledEvents;
  /** by event: the number of its first choice */
  private readonly firstOf: Int32Array;
  private readonly effects: EffectCache;
  private readonly predicates: PropertyCache;
  /** what the last step did, unless the program itself took it */
  private last: Effect | undefined;

  constructor(private readonly program: Interpreter) {
    super(program);
    this.twin = new InstrumentedProgram(program);
    this.enabledEvents = new EnabledEvents(this.twin, this.state);
    this.effects = new EffectCache(this.twin, this.trees);
    this.firstOf = Int32Array.from(this.events, ({ id }) => this.effects.numbers.firstOf(id));
    this.predicates = new PropertyCache(this.state, this.twin, this.properties);
    // what waits in store buffers is in no group of events
    if (this.instance.storeBuffers.length === 0) {
      this.successors = new SuccessorCache(
        this.state,
        this.twin,
        this.enabledEvents,
        this.trees,
        this.effects,
        this.predicates,
        (effect) => this.take(this.effects.all[effect]),
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
    const choice = this.firstOf[event] + payload;
    const found = effects.find(choice, state);
    if (found < 0 && this.trees.words > maxTreeWords) {
      this.last = undefined;
      return this.program.step(event, payload);
    }
    return this.take(effects.all[found >= 0 ? found : effects.learn(choice, state)]);
  }

  private take(effect: Effect): StepOutcome {
    const { outcome } = effect;
    if (outcome === StepOutcome.refused) return outcome;
    effect.hits++;
    this.last = effect;
    applyPatch(effect.writes, this.state);
    return outcome;
  }

  override get moves(): Microsteps {
    return this.last ? this.last.moves : this.program.moves;
  }

  override lastTransition(): number {
    return this.last ? this.last.taken : this.program.lastTransition();
  }

  override lastStep(): StepSeen {
    return this.last ? this.last.seen : this.program.lastStep();
  }

  override violated(): number {
    return this.predicates.violated(this.lastStepSignature());
  }

  override covers(open: readonly number[], hit: (property: number) => void): void {
    this.predicates.hits(open, this.lastStepSignature(), hit);
  }

  private lastStepSignature(): StepSignature {
    if (this.last) return this.last;
    const seen = this.program.lastStep();
    return { seen, field: undefined, signature: this.effects.signatureOf(seen) };
  }

  override fault(): string {
    return this.last ? this.last.fault : this.program.fault();
  }
}
