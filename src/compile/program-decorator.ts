import type { Program, StepOutcome } from './program.ts';

/**
 * Decorates a program (the GoF pattern): a subclass overrides what differs. Without an override it has no `successors`.
 */
export class ProgramDecorator implements Program {
  readonly design: Program['design'];
  readonly params: Program['params'];
  readonly events: Program['events'];
  readonly actors: Program['actors'];
  readonly transitions: Program['transitions'];
  readonly flatTransitions: Program['flatTransitions'];
  readonly instance: Program['instance'];

  /**
   * @param inner the decorated program
   * @param state its state, if it differs
   * @param properties its properties, if they differ
   */
  constructor(
    protected readonly inner: Program,
    readonly state: Int32Array = inner.state,
    readonly properties: Program['properties'] = inner.properties,
  ) {
    this.design = inner.design;
    this.params = inner.params;
    this.events = inner.events;
    this.actors = inner.actors;
    this.transitions = inner.transitions;
    this.flatTransitions = inner.flatTransitions;
    this.instance = inner.instance;
  }

  get ownedSets(): Program['ownedSets'] {
    return this.inner.ownedSets;
  }
  get counts(): Float64Array {
    return this.inner.counts;
  }
  get microsteps(): Program['microsteps'] {
    return this.inner.microsteps;
  }
  get cacheBytes(): number {
    return this.inner.cacheBytes;
  }
  limitCache(bytes: number): void {
    this.inner.limitCache(bytes);
  }
  reset(): StepOutcome {
    return this.inner.reset();
  }
  enabled(out: Int32Array): number {
    return this.inner.enabled(out);
  }
  step(event: number, payload: number): StepOutcome {
    return this.inner.step(event, payload);
  }
  enabledOf(actor: number): Int32Array {
    return this.inner.enabledOf(actor);
  }
  accepts(event: number): boolean {
    return this.inner.accepts(event);
  }
  lastTransition(): number {
    return this.inner.lastTransition();
  }
  lastStep(): ReturnType<Program['lastStep']> {
    return this.inner.lastStep();
  }
  violated(from?: number): number {
    return this.inner.violated(from);
  }
  covers(open: readonly number[], hit: (property: number) => void): void {
    this.inner.covers(open, hit);
  }
  violatedByDeadlock(from?: number): number {
    return this.inner.violatedByDeadlock(from);
  }
  fault(): string {
    return this.inner.fault();
  }
  repeatSteps(): void {
    this.inner.repeatSteps();
  }
  markTaken(transitions: Int32Array): void {
    this.inner.markTaken(transitions);
  }
  ownedAccesses(): number {
    return this.inner.ownedAccesses();
  }
  ownedRace(): string | undefined {
    return this.inner.ownedRace();
  }
}
