import * as fc from 'fast-check';
import { finalImage as finalImageProperty } from '../../properties/final-image.ts';
import { noLostWrite as noLostWriteProperty } from '../../properties/no-lost-write.ts';
import { memoise } from '../cache/cached-program.ts';
import { compile } from '../compile/compile.ts';
import { confirmCounterexample } from '../live/confirm-counterexample.ts';
import { replay } from '../live/replay.ts';
import type { Choice } from '../model/choices.ts';
import { type AnyDesign, paramsOfCheck } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Property } from '../model/property.ts';
import { type ScheduleRun, ScheduleRunner } from '../search/shrink/schedule-runner.ts';
import { ShrinkCandidates } from '../search/shrink/shrink-candidates.ts';
import { EnabledChoices } from '../search/successors/enabled-choices.ts';
import { formatCounterexample } from './format-counterexample.ts';
import {
  type Params,
  refuseInapplicable,
  refuseUndecidableBySampling,
  refuseWithoutSafetyProperty,
  withProperties,
} from './with-properties.ts';

/**
 * A random schedule, and the property that it violates. It prints as a race in columns.
 * @example
 * fc.sample(runArbitrary(design), 10).map(({ schedule }: SampledRun) => schedule.length);
 */
export interface SampledRun {
  readonly schedule: readonly Choice[];
  /** id of the property that its last step violates; undefined if none is violated */
  readonly violated: string | undefined;
}

/**
 * Options of `runArbitrary`.
 * @example
 * runArbitrary(design, {}, { depth: 200 } satisfies RunOptions);
 */
export interface RunOptions {
  /** maximum number of steps of a run; default 100 */
  readonly depth?: number;
}

/**
 * An arbitrary of runs of a design: random walks that end at the first violation of a safety property. Leads-to
 * properties of the design are not decided: a finite run violates none. fast-check shrinks runs to fewer steps, then to
 * fewer context switches, then to an order that is easy to read.
 * @throws PrecopyError as `compile`; `BAD_DESIGN` for a design without safety properties
 * @example
 * fc.assert(fc.property(runArbitrary(design, { vcpus: 2 }), ({ violated }) => violated === undefined));
 */
export const runArbitrary = (
  design: AnyDesign,
  params: Params = {},
  { depth = 100 }: RunOptions = {},
): fc.Arbitrary<SampledRun> => {
  refuseWithoutSafetyProperty(design);
  return new RunArbitrary(design, paramsOfCheck(design, 'safety', params), depth);
};

/**
 * A property for `fc.assert`: no run of the design violates these safety properties. Covers need not be hit.
 * @throws PrecopyError as `compile`; `NOT_SOUND` for a leads-to property, which no finite run violates; `BAD_DESIGN`
 * for covers alone, or none; `INTERNAL` from `fc.assert`, if live actors contradict a counterexample
 * @example
 * fc.assert(holds(design, protectedOnReturn, { vcpus: 2, pages: 2 }));
 */
export const holds = (
  design: AnyDesign,
  property: Property | readonly Property[],
  params: Params = {},
  options: RunOptions = {},
): fc.IProperty<[SampledRun]> => {
  const checked = withProperties(design, property);
  refuseUndecidableBySampling(checked);
  const runs = runArbitrary(checked, params, options);
  return fc.property(runs, ({ schedule, violated }) => {
    if (violated === undefined) return true;
    confirmCounterexample(checked, paramsOfCheck(checked, 'safety', params), { property: violated, schedule });
    return false;
  });
};

/**
 * A property for `fc.assert`, for designs of `precopy/kvm`: no run loses a write.
 * @example
 * fc.assert(noLostWrite(design));
 */
export const noLostWrite = (design: AnyDesign, params?: Params, options?: RunOptions): fc.IProperty<[SampledRun]> =>
  holds(design, noLostWriteProperty, params, options);

/**
 * A property for `fc.assert`, for designs of `precopy/kvm`: when the destination resumes, each of its pages is as the
 * source last wrote it.
 * @example
 * fc.assert(finalImage(design, { vcpus: 1, pages: 2 }));
 */
export const finalImage = (design: AnyDesign, params?: Params, options?: RunOptions): fc.IProperty<[SampledRun]> =>
  holds(design, finalImageProperty, params, options);

class RunArbitrary extends fc.Arbitrary<SampledRun> {
  private readonly choices: EnabledChoices;
  private readonly runner: ScheduleRunner;
  private readonly candidates: ShrinkCandidates;

  constructor(
    private readonly design: AnyDesign,
    private readonly params: Params,
    private readonly depth: number,
  ) {
    super();
    if (!(depth >= 1)) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `runs of at most ${depth} steps decide nothing`,
        'give a depth of 1 or more',
      );
    }
    const program = memoise(compile(design, params));
    refuseInapplicable(design, program.params);
    this.choices = new EnabledChoices(program);
    this.runner = new ScheduleRunner(program);
    this.candidates = new ShrinkCandidates(program);
  }

  override generate(random: fc.Random): fc.Value<SampledRun> {
    return this.valueFor(this.runner.sampleWalk(this.depth, (size) => random.nextInt(0, size - 1)));
  }

  override canShrinkWithoutContext(value: unknown): value is SampledRun {
    return typeof value === 'object' && value !== null && 'schedule' in value;
  }

  override shrink({ schedule, violated }: SampledRun): fc.Stream<fc.Value<SampledRun>> {
    if (violated === undefined) return fc.Stream.nil();
    return new fc.Stream(this.simplerThan(schedule.map((choice) => this.choices.idOf(choice))));
  }

  /** Generates the candidates that are simpler than a path of choice ids. */
  private *simplerThan(path: readonly number[]): Generator<fc.Value<SampledRun>> {
    const { runner, candidates } = this;
    const size = candidates.costOf(path);
    for (const proposal of [runner.withoutCycles(path), ...candidates.candidates(path)]) {
      const followed = runner.follow(proposal);
      if (candidates.isSimpler(candidates.costOf(followed.executed), size)) yield this.valueFor(followed);
    }
  }

  private valueFor({ executed, violated }: ScheduleRun) {
    const schedule = executed.map((number) => this.choices.choiceOf(number));
    const print = (): string => `\n${formatCounterexample(replay(this.design, this.params, schedule))}\n`;
    return new fc.Value<SampledRun>({ schedule, violated, [fc.toStringMethod]: print } as SampledRun, undefined);
  }
}
