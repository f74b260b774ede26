import * as fc from 'fast-check';
import { finalImage as finalImageProperty } from '../../properties/final-image.ts';
import { noLostWrite as noLostWriteProperty } from '../../properties/no-lost-write.ts';
import { memoise } from '../cache/cached-program.ts';
import { compile } from '../compile/program.ts';
import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import { ScheduleRunner } from '../search/shrink/shrink.ts';
import { ShrinkCandidates } from '../search/shrink/shrink-candidates.ts';
import { EnabledChoices } from '../search/successors/enabled-choices.ts';
import { formatCounterexample } from './format-counterexample.ts';
import { type Params, withProperties } from './with-properties.ts';

/** A schedule that was drawn, and what it broke. Printed, it is the race in columns. */
export interface Run {
  readonly schedule: readonly Choice[];
  /** the id of the property that broke in its last step */
  readonly broken: string | undefined;
}

export interface RunOptions {
  /** the most steps of a run; 100 unless told */
  readonly depth?: number;
}

/**
 * Runs of a design: random walks from the start, up to the first step that breaks a property. fast-check shrinks them to fewer steps, then to
 * fewer context switches, then to an order that is easy to read.
 * @throws PrecopyError as `compile`
 */
export const runArbitrary = (
  design: AnyDesign,
  params: Params = {},
  { depth = 100 }: RunOptions = {},
): fc.Arbitrary<Run> => new Runs(design, params, depth);

/**
 * A property for `fc.assert`: no run of the design breaks this property, or these.
 * @throws PrecopyError as `compile`
 */
export const holds = (
  design: AnyDesign,
  property: Property | readonly Property[],
  params: Params = {},
  options: RunOptions = {},
): fc.IProperty<[Run]> =>
  fc.property(runArbitrary(withProperties(design, property), params, options), ({ broken }) => broken === undefined);

/** For designs of `precopy/kvm`: no run loses a write. `fc.assert(noLostWrite(myDesign))` */
export const noLostWrite = (design: AnyDesign, params?: Params, options?: RunOptions): fc.IProperty<[Run]> =>
  holds(design, noLostWriteProperty, params, options);

/** For designs of `precopy/kvm`: where a run ends with the destination resumed, each page there is as the source last wrote it. */
export const finalImage = (design: AnyDesign, params?: Params, options?: RunOptions): fc.IProperty<[Run]> =>
  holds(design, finalImageProperty, params, options);

class Runs extends fc.Arbitrary<Run> {
  private readonly offers: EnabledChoices;
  private readonly follower: ScheduleRunner;
  private readonly smaller: ShrinkCandidates;

  constructor(
    private readonly design: AnyDesign,
    private readonly params: Params,
    private readonly depth: number,
  ) {
    super();
    const program = memoise(compile(design, params));
    this.offers = new EnabledChoices(program);
    this.follower = new ScheduleRunner(program);
    this.smaller = new ShrinkCandidates(program);
  }

  override generate(random: fc.Random): fc.Value<Run> {
    return this.valueFor(this.follower.sampleWalk(this.depth, (size) => random.nextInt(0, size - 1)));
  }

  override canShrinkWithoutContext(value: unknown): value is Run {
    return typeof value === 'object' && value !== null && 'schedule' in value;
  }

  override shrink({ schedule, broken }: Run): fc.Stream<fc.Value<Run>> {
    if (broken === undefined) return fc.Stream.nil();
    return new fc.Stream(this.smallerThan(schedule.map((choice) => this.offers.numberOf(choice))));
  }

  private *smallerThan(path: readonly number[]): Generator<fc.Value<Run>> {
    const { follower, smaller } = this;
    const size = smaller.sizeOf(path);
    for (const proposal of [follower.withoutCycles(path), ...smaller.candidates(path)]) {
      const followed = follower.follow(proposal);
      if (smaller.isSimpler(smaller.sizeOf(followed.taken), size)) yield this.valueFor(followed);
    }
  }

  private valueFor({ taken, broken }: { readonly taken: readonly number[]; readonly broken: string | undefined }) {
    const schedule = taken.map((number) => this.offers.choiceOf(number));
    const print = (): string => `\n${formatCounterexample(this.design, this.params, schedule)}\n`;
    return new fc.Value<Run>({ schedule, broken, [fc.toStringMethod]: print } as Run, undefined);
  }
}
