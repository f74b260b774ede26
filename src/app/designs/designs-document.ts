import { comparisonOf } from '../../../machines/designs/comparison.ts';
import { mutants as builtInMutants } from '../../../machines/mutants/index.ts';
import type { AnyDesign } from '../../model/design.ts';
import type { Property } from '../../model/property.ts';
import type { ParamSpecs } from '../../model/system-types.ts';
import { designs } from './design-registry.ts';
import type { DesignsDocument } from './designs-schema.ts';

/** The built-in mutants, as designs of any system. */
export const mutantDesigns: readonly AnyDesign[] = builtInMutants;

/** Returns the page of documentation of a design, in the package. */
export const pageOf = (id: string): string => `docs/designs/${id}.md`;

/** Creates the document of `designs --json`: the built-in designs and mutants. */
export function createDesignsDocument(): DesignsDocument {
  return {
    format: 'precopy-designs',
    version: 2,
    designs: designs.map(describeDesign),
    mutants: mutantDesigns.flatMap(describeMutant),
  };
}

function describeDesign({
  id,
  title,
  source,
  system,
  params,
  properties,
}: AnyDesign): DesignsDocument['designs'][number] {
  const specs = Object.entries(system.spec.params as ParamSpecs);
  return {
    design: id,
    title,
    ...(source && { source }),
    comparison: comparisonOf(id),
    page: pageOf(id),
    params: specs.map(([name, { description, min, max, default: initial }]) => ({
      name,
      description,
      min,
      max,
      default: params?.[name] ?? initial,
    })),
    properties: (properties as readonly Property[]).map(({ id, kind, description }) => ({ id, kind, description })),
  };
}

function describeMutant({
  id,
  mutantOf,
  mutation,
  memoryModel = 'sc',
}: AnyDesign): DesignsDocument['mutants'][number][] {
  return mutation && mutantOf !== undefined ? [{ design: id, mutantOf, ...mutation, memoryModel }] : [];
}
