import type { Design, Mutation } from './design.ts';
import { wellFormed } from './property.ts';
import { refuseUnknown, refuseUnknownKeys } from './refuse-unknown.ts';
import type { MemoryModel } from './store-buffer.ts';
import type { MachinesOf, ParamValues, SystemTypes } from './system-types.ts';
import { validateDesign } from './validate-design.ts';

/**
 * Defines a design.
 * @throws PrecopyError `BAD_DESIGN` for a name that nothing has, with the nearest one
 * @example
 * export default defineDesign({ id: 'peterson', title: "Peterson's lock", system, machines, properties });
 */
export function defineDesign<T extends SystemTypes>(design: Design<T>): Design<T> {
  validateDesign(design);
  return design;
}

/**
 * Defines a mutant: a copy of a design with one known bug. `machines` are those that differ.
 * @throws PrecopyError `BAD_DESIGN` for a name that nothing has, and a property that the design does not have
 * @example
 * const mutant = defineMutant(design, 'no-flush', { bug: 'no TLB flush', breaks: 'exclusive', machines: { handler } });
 */
export function defineMutant<T extends SystemTypes>(
  design: Design<T>,
  name: string,
  mutation: Omit<Mutation, 'params'> & {
    readonly machines: Partial<MachinesOf<T['roles']>>;
    readonly params?: Partial<ParamValues<T['params']>>;
    readonly memoryModel?: MemoryModel;
  },
): Design<T> {
  const where = `mutant '${design.id}/${name}'`;
  refuseUnknownKeys(where, mutation, ['bug', 'fixedBy', 'breaks', 'machines', 'params', 'memoryModel', 'races']);
  const ids = [...design.properties.map(({ id }) => id), wellFormed];
  refuseUnknown(`${where}, breaks`, 'property', mutation.breaks, ids);
  const { machines, params, memoryModel, ...rest } = mutation;
  return defineDesign({
    ...design,
    id: `${design.id}/${name}`,
    title: rest.bug,
    machines: { ...design.machines, ...machines },
    params: { ...design.params, ...params } as Partial<ParamValues<T['params']>>,
    ...(memoryModel && { memoryModel }),
    mutation: { ...rest, ...(params && { params: params as Readonly<Record<string, number>> }) },
    mutantOf: design.id,
  });
}
