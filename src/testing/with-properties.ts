import { appliesAt } from '../model/checked-properties.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Property } from '../model/property.ts';

/**
 * Params by name. Params that are absent have the value of the design.
 * @example
 * const params: Params = { vcpus: 2, pages: 2 };
 */
export type Params = Readonly<Record<string, number>>;

/**
 * Returns the design with only these properties.
 * @throws PrecopyError `BAD_DESIGN` if there is none, or one is undefined
 */
export function withProperties(design: AnyDesign, properties: Property | readonly Property[]): AnyDesign {
  const list = (Array.isArray(properties) ? properties : [properties]) as readonly (Property | undefined)[];
  if (list.length === 0) throw nothingToDecide(design, 'the list of properties is empty');
  const missing = list.findIndex((property) => typeof property?.kind !== 'string');
  if (missing >= 0) {
    const cause = `property ${missing} of the list is ${list[missing] === undefined ? 'undefined' : 'no property'}`;
    throw new PrecopyError('BAD_DESIGN', cause, 'give objects that the builders of `system.properties` return');
  }
  return { ...design, properties: list as readonly Property[] };
}

/**
 * Refuses properties that do not apply at these params: they would be left out, and the rest would pass for them.
 * Covers may be left out, as they are in `precopy check`, as long as some property is left.
 * @param params those of the run, complete
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function refuseInapplicable(design: AnyDesign, params: Params): void {
  const all = design.properties as readonly Property[];
  const left = all.filter((property) => !appliesAt(property, params));
  const isNoneApplicable = left.length === all.length;
  const inapplicable = left.find(({ kind }) => kind !== 'cover') ?? (isNoneApplicable ? left[0] : undefined);
  if (inapplicable === undefined) return;
  const cause = `${inapplicable.id} does not apply at these params, by its \`where\``;
  throw new PrecopyError('BAD_PARAMETER', cause, 'give params at which it applies');
}

/**
 * Refuses properties of which random schedules decide nothing.
 * @throws PrecopyError `NOT_SOUND` for a leads-to property, `BAD_DESIGN` if only covers are left
 */
export function refuseUndecidableBySampling(design: AnyDesign): void {
  const all = design.properties as readonly Property[];
  const leadsTo = all.find(({ kind }) => kind === 'leads-to');
  if (leadsTo) {
    throw new PrecopyError(
      'NOT_SOUND',
      `random schedules do not decide ${leadsTo.id}, a leads-to property: each of them is finite`,
      'use `toHold`, which searches for fair cycles',
    );
  }
  refuseWithoutSafetyProperty(design);
}

/**
 * Refuses a design without a property that a finite schedule can violate, other than `well-formed`.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function refuseWithoutSafetyProperty(design: AnyDesign): void {
  const all = design.properties as readonly Property[];
  if (all.some(({ kind }) => kind === 'invariant' || kind === 'deadlock')) return;
  throw nothingToDecide(design, 'no schedule can violate its properties: it has no `always`, `never` or `noDeadlock`');
}

function nothingToDecide({ id }: AnyDesign, reason: string): PrecopyError {
  return new PrecopyError(
    'BAD_DESIGN',
    `there is nothing to decide of ${id}: ${reason}`,
    'name the property to decide',
  );
}
