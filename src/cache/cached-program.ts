import type { Interpreter } from '../compile/interpreter.ts';
import type { Microsteps } from '../compile/microsteps.ts';
import { findOwnedRace } from '../compile/owned-race.ts';
import { type Program, StepOutcome } from '../compile/program.ts';
import { ProgramDecorator } from '../compile/program-decorator.ts';
import { Bitmap } from '../model/bitmap.ts';
import type { OwnedSets } from '../model/owned-sets.ts';
import type { Step } from '../model/property.ts';
import { applyPatch } from './access-sets.ts';
import { type Effect, EffectCache } from './effect-cache.ts';
import { EnabledEvents } from './enabled-events.ts';
import { InstrumentedProgram } from './instrumented-program.ts';
import { PropertyCache } from './property-cache.ts';
import { SuccessorCache } from './successor-cache.ts';
import type { StepSignature } from './symmetry-group.ts';

/**
 * Returns the same program with a transition cache, several times as fast if states are small. (S. Blom, J. van de Pol
 * and M. Weber, "LTSmin: Distributed and Symbolic Reachability", CAV 2010.) LTSmin caches by declared dependencies;
 * here they are observed: a choice runs once on an instrumented program, and its effect is cached by the fields that it
 * read. Properties are cached in the same way.
 *
 * This is sound if actions, guards and properties are functions of the cells, the event and the params, which replay
 * requires as well.
 *
 * A program with cells of more than 32 bits, or with states of more than 2 KiB, is returned as it is.
 * @example
 * const program = memoise(compile(design, { vcpus: 2, pages: 2 }));
 */
export function memoise(program: Interpreter): Program {
  const { state, instance } = program;
  const isLarge = instance.cells.some(({ plain }) => plain instanceof Bitmap && plain.bits > 32);
  return isLarge || state.length > maxCachedWords ? program : new CachedProgram(program);
}

/** Words of a state beyond which a cached step takes longer than its execution. */
const maxCachedWords = 512;

/** Memory limit of a cache by default. */
const defaultCacheBytes = 2 ** 29;

class CachedProgram extends ProgramDecorator {
  readonly successors?: SuccessorCache;

  private readonly enabledEvents: EnabledEvents;
  /** by event: id of its first choice */
  private readonly firstChoice: Int32Array;
  private readonly instrumented: InstrumentedProgram;
  private readonly effectCache: EffectCache;
  private readonly propertyCache: PropertyCache;
  private maxBytes = defaultCacheBytes;
  /** effect of the last step; undefined if the program itself took it */
  private lastEffect: Effect | undefined;
  /** what the last step, or the guards that refused it, accessed of owned memory */
  private lastOwnedAccesses = 0;

  constructor(private readonly program: Interpreter) {
    super(program);
    const { state } = this;
    const instrumented = new InstrumentedProgram(program);
    this.instrumented = instrumented;
    const enabledEvents = new EnabledEvents(instrumented, state);
    const effectCache = new EffectCache(instrumented);
    const propertyCache = new PropertyCache(state, instrumented, this.properties);
    this.enabledEvents = enabledEvents;
    this.effectCache = effectCache;
    this.propertyCache = propertyCache;
    this.firstChoice = Int32Array.from(this.events, ({ id }) => effectCache.choiceIds.firstOf(id));
    // Drains of store buffers are in no event group.
    if (this.instance.storeBuffers.length === 0) {
      const takeEffect = (effect: number): StepOutcome => this.take(effectCache.effects[effect]);
      this.successors = new SuccessorCache({
        state,
        instrumented,
        enabledEvents,
        effectCache,
        propertyCache,
        takeEffect,
      });
    }
  }

  override get counts(): Float64Array {
    return this.effectCache.addTo(Float64Array.from(this.program.counts));
  }

  override get cacheBytes(): number {
    return this.successors?.bytes ?? this.effectCache.bytes + this.propertyCache.bytes;
  }

  override limitCache(bytes: number): void {
    this.maxBytes = bytes;
    this.propertyCache.limit(bytes / 2);
  }

  override reset(): StepOutcome {
    this.lastEffect = undefined;
    return this.program.reset();
  }

  override enabled(out: Int32Array): number {
    const { instance, program, enabledEvents, state } = this;
    // `EnabledEvents` does not know store buffers.
    return instance.storeBuffers.length > 0 ? program.enabled(out) : enabledEvents.write(state, out);
  }

  override step(event: number, payload: number): StepOutcome {
    const effect = this.effectOf(event, payload);
    if (effect) return this.take(effect);
    const { program, ownedSets } = this;
    this.lastEffect = undefined;
    const outcome = program.step(event, payload);
    this.lastOwnedAccesses = ownedSets.idOf(program.ownedSets.accessesOf(program.ownedAccesses()));
    return outcome;
  }

  /** Returns the effect of an event in the current state; undefined if the cache is full and does not have it. */
  private effectOf(event: number, payload: number): Effect | undefined {
    const { effectCache, state } = this;
    const choice = this.firstChoice[event] + payload;
    const found = effectCache.find(choice, state);
    if (found < 0 && (effectCache.isFull || this.cacheBytes > this.maxBytes)) return undefined;
    return effectCache.effects[found >= 0 ? found : effectCache.learn(choice, state)];
  }

  private take(effect: Effect): StepOutcome {
    const { outcome } = effect;
    this.lastOwnedAccesses = effect.ownedAccesses;
    if (outcome === StepOutcome.refused) return outcome;
    effect.hits++;
    this.lastEffect = effect;
    applyPatch(effect.patch, this.state);
    return outcome;
  }

  override repeatSteps(): void {
    this.instrumented.repetitions.repeatAll();
    this.program.repeatSteps();
  }

  override get ownedSets(): OwnedSets {
    return this.effectCache.ownedSets;
  }

  override ownedAccesses(): number {
    return this.lastOwnedAccesses;
  }

  override ownedRace(): string | undefined {
    const { successors } = this;
    if (this.instance.ownedCells.length === 0) return undefined;
    successors?.enumerate();
    if (successors?.hasOwnedRace() === false) return undefined;
    const before = Int32Array.from(this.state);
    return findOwnedRace(this, (event, payload) => {
      const effect = this.effectOf(event, payload);
      if (effect) return effect.ownedAccesses;
      this.step(event, payload);
      this.state.set(before);
      return this.ownedAccesses();
    });
  }

  override get microsteps(): Microsteps {
    return this.lastEffect ? this.lastEffect.microsteps : this.program.microsteps;
  }

  override lastTransition(): number {
    return this.lastEffect ? this.lastEffect.firstTransition : this.program.lastTransition();
  }

  override lastStep(): Step {
    return this.lastEffect ? this.lastEffect.step : this.program.lastStep();
  }

  override violated(from = 0): number {
    return this.propertyCache.violated(this.lastStepSignature(), from);
  }

  override covers(open: readonly number[], hit: (property: number) => void): void {
    this.propertyCache.coverHits(open, this.lastStepSignature(), hit);
  }

  private lastStepSignature(): StepSignature {
    if (this.lastEffect) return this.lastEffect;
    const step = this.program.lastStep();
    return { step, field: undefined, signature: this.effectCache.signatureOf(step) };
  }

  override markTaken(transitions: Int32Array): void {
    this.program.markTaken(transitions);
    this.effectCache.markTaken(transitions);
  }

  override fault(): string {
    return this.lastEffect ? this.lastEffect.fault : this.program.fault();
  }
}
