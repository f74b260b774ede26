import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';

/** Sizes of a run, by the name of the parameter: `{ vcpus: 2, pages: 2 }`. What is not named is as the design has it. */
export type Params = Readonly<Record<string, number>>;

/** The design with only those properties that a test asks for. */
export function withProperties(design: AnyDesign, asked: Property | readonly Property[]): AnyDesign {
  return { ...design, properties: Array.isArray(asked) ? asked : [asked] };
}
