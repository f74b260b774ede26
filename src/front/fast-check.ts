import * as fc from 'fast-check';
import { finalImage as finalImageProperty } from '../../properties/final-image.ts';
import { noLostWrite as noLostWriteProperty } from '../../properties/no-lost-write.ts';
import { memoise } from '../compile/memoise.ts';
import { compile } from '../compile/program.ts';
import { Offers } from '../explore/offers.ts';
import { Follower } from '../explore/shrink.ts';
import { Smaller } from '../explore/smaller.ts';
import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import type { Choice } from '../model/schedule.ts';
import { only, type Sizes } from './asked.ts';
import { told } from './told.ts';

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
export const runs = (design: AnyDesign, sizes: Sizes = {}, { depth = 100 }: RunOptions = {}): fc.Arbitrary<Run> =>
  new Runs(design, sizes, depth);

/**
 * A property for `fc.assert`: no run of the design breaks this property, or these.
 * @throws PrecopyError as `compile`
 */
export const keeps = (
  design: AnyDesign,
  property: Property | readonly Property[],
  sizes: Sizes = {},
  options: RunOptions = {},
): fc.IProperty<[Run]> =>
  fc.property(runs(only(design, property), sizes, options), ({ broken }) => broken === undefined);

/** For designs of `precopy/kvm`: no run loses a write. `fc.assert(noLostWrite(myDesign))` */
export const noLostWrite = (design: AnyDesign, sizes?: Sizes, options?: RunOptions): fc.IProperty<[Run]> =>
  keeps(design, noLostWriteProperty, sizes, options);

/** For designs of `precopy/kvm`: where a run ends with the destination resumed, each page there is as the source last wrote it. */
export const finalImage = (design: AnyDesign, sizes?: Sizes, options?: RunOptions): fc.IProperty<[Run]> =>
  keeps(design, finalImageProperty, sizes, options);

class Runs extends fc.Arbitrary<Run> {
  private readonly offers: Offers;
  private readonly follower: Follower;
  private readonly smaller: Smaller;

  constructor(
    private readonly design: AnyDesign,
    private readonly sizes: Sizes,
    private readonly depth: number,
  ) {
    super();
    const program = memoise(compile(design, sizes));
    this.offers = new Offers(program);
    this.follower = new Follower(program);
    this.smaller = new Smaller(program);
  }

  override generate(random: fc.Random): fc.Value<Run> {
    return this.valueFor(this.follower.walk(this.depth, (size) => random.nextInt(0, size - 1)));
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
    for (const proposal of [follower.withoutDetours(path), ...smaller.of(path)]) {
      const followed = follower.follow(proposal);
      if (smaller.isSmaller(smaller.sizeOf(followed.taken), size)) yield this.valueFor(followed);
    }
  }

  private valueFor({ taken, broken }: { readonly taken: readonly number[]; readonly broken: string | undefined }) {
    const schedule = taken.map((number) => this.offers.choiceOf(number));
    const print = (): string => `\n${told(this.design, this.sizes, schedule)}\n`;
    return new fc.Value<Run>({ schedule, broken, [fc.toStringMethod]: print } as Run, undefined);
  }
}
