import type { Program } from './program.ts';
import type { StepOutcome } from './step-outcome.ts';

/** A program around another one: the same, but for what a subclass does otherwise. It has no `successors` unless the subclass gives some. */
export class ProgramDecorator implements Program {
  readonly design: Program['design'];
  readonly params: Program['params'];
  readonly events: Program['events'];
  readonly actors: Program['actors'];
  readonly transitions: Program['transitions'];
  readonly arrows: Program['arrows'];
  readonly instance: Program['instance'];

  /**
   * @param inner
   * @param state its state, if that is another one
   * @param properties likewise
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
    this.arrows = inner.arrows;
    this.instance = inner.instance;
  }

  get counts(): Float64Array {
    return this.inner.counts;
  }
  get moves(): Program['moves'] {
    return this.inner.moves;
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
  violated(): number {
    return this.inner.violated();
  }
  covers(open: readonly number[], hit: (property: number) => void): void {
    this.inner.covers(open, hit);
  }
  isValidEndState(): boolean {
    return this.inner.isValidEndState();
  }
  fault(): string {
    return this.inner.fault();
  }
}
