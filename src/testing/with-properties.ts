import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';

/**
 * Params by name. Params that are absent have the value of the design.
 * @example
 * const params: Params = { vcpus: 2, pages: 2 };
 */
export type Params = Readonly<Record<string, number>>;

/** Returns the design with only these properties. */
export function withProperties(design: AnyDesign, properties: Property | readonly Property[]): AnyDesign {
  return { ...design, properties: Array.isArray(properties) ? properties : [properties] };
}
