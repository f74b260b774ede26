import { PrecopyError } from '../model/errors.ts';
import { Repetitions } from '../model/repetitions.ts';
import { type Program, StepOutcome } from './program.ts';

/** Memory of the states that are remembered, in words: 16 MiB. */
const maxWords = 2 ** 22;

/** A program, as far as its steps are repeated. */
type Stepping = Pick<
  Program,
  'state' | 'counts' | 'events' | 'actors' | 'reset' | 'step' | 'fault' | 'microsteps' | 'flatTransitions'
>;

/** Takes a sample of the steps of a program, and takes them again later. */
export class StepRepetitions {
  private readonly steps: Repetitions;

  constructor(private readonly program: Stepping) {
    this.steps = new Repetitions(Math.max(16, Math.min(4096, Math.floor(maxWords / (1 + program.state.length)))));
  }

  /** Returns whether the next step is to be taken with `take`. Call it once for each. */
  isDue(): boolean {
    return this.steps.isDue();
  }

  /** Takes a step and remembers it. */
  take(event: number, step: () => StepOutcome): StepOutcome {
    const { program } = this;
    const before = Int32Array.from(program.state);
    const outcome = step();
    const result = this.resultOf(outcome);
    this.steps.add(() => {
      program.state.set(before);
      if (this.resultOf(step()) !== result) refuseStep(program, event);
    });
    return outcome;
  }

  /**
   * Takes all steps that are remembered again, and starts again. The state and the counts stay.
   * @throws PrecopyError `BAD_DESIGN` if one does something else now
   */
  repeatAll(): void {
    const { program } = this;
    const { state, counts } = program;
    const [stateBefore, countsBefore] = [Int32Array.from(state), Float64Array.from(counts)];
    this.steps.repeatAll();
    const starts = [0, 1].map(() => this.resultOf(program.reset()));
    state.set(stateBefore);
    counts.set(countsBefore);
    if (starts[0] !== starts[1]) refuseDependence('an entry action of the start');
  }

  private resultOf(outcome: StepOutcome): string {
    const { program } = this;
    return outcome === StepOutcome.fault ? program.fault() : `${outcome} ${program.state.join()}`;
  }
}

/**
 * Refuses the last step of a program, which is not the same each time.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function refuseStep(program: Omit<Stepping, 'reset' | 'step' | 'state' | 'counts'>, event: number): never {
  const { microsteps, flatTransitions, actors, events } = program;
  const names = microsteps.transitions
    .slice(0, microsteps.count)
    .flatMap((transition) => flatTransitions[transition]?.actionNames ?? []);
  const { actor, type } = events[event] as (typeof events)[number];
  const functions = names.length === 0 ? 'a guard' : `the actions ${[...new Set(names)].join(', ')}, or a guard,`;
  refuseDependence(`in ${type} of ${actors[actor]}, ${functions}`);
}

/**
 * Refuses a function of a design whose result was not the same in the same state.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function refuseDependence(what: string): never {
  throw new PrecopyError(
    'BAD_DESIGN',
    `${what} depends on something other than the cells, the event and the params`,
    'keep what changes in a cell or a register, not in a variable of the file',
  );
}
