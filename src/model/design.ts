import { PrecopyError } from './errors.ts';
import type { Property } from './property.ts';
import type { MemoryModel } from './store-buffer.ts';
import type { System } from './system.ts';
import type { MachinesOf, ParamSpecs, ParamValues, SystemTypes } from './system-types.ts';

/** Where a design or a bug comes from. */
export interface Source {
  /** `Linux 3.5 and 3.6`, `QEMU 10.2` */
  readonly version: string;
  /** the commit that brought it, or that fixed it */
  readonly commit?: string;
  /** the functions that the machines mirror, or where the mistake was */
  readonly functions?: readonly string[];
}

/** A known bug that a design has put back. */
export interface Mutation {
  /** what is wrong now, in one line */
  readonly bug: string;
  /** the commit or report that fixed it, where there is one */
  readonly fixedBy?: string;
  /** the property that it has to break */
  readonly breaks: string;
  /** the sizes that it is checked at, where they are not those of the design that it was put into */
  readonly params?: Readonly<Record<string, number>>;
}

/** A named set of machines for one way to do a thing, and what has to hold for it. */
export interface Design<T extends SystemTypes = SystemTypes> {
  readonly id: string;
  readonly title: string;
  readonly source?: Source;
  readonly system: System<T>;
  readonly machines: MachinesOf<T['roles']>;
  readonly properties: readonly Property[];
  /** sizes to check with where none are asked for; what is not named has the default of the system */
  readonly params?: Partial<ParamValues<T['params']>>;
  /** the least of each size that its machines can do with: a second collector where one of them waits for it */
  readonly minParams?: Partial<ParamValues<T['params']>>;
  /** who its machines know nothing of: these sizes have to be 0 */
  readonly unsupportedParams?: readonly (keyof ParamValues<T['params']>)[];
  /** when plain stores reach memory: at once, unless told (`sc`) */
  readonly memoryModel?: MemoryModel;
  /** what is different when it is checked for what must never happen: its bugs are found at smaller sizes, as a rule */
  readonly safetyParams?: Partial<ParamValues<T['params']>>;
  /** what is different when it is checked for what has to come in the end, which takes the whole graph of its states */
  readonly livenessParams?: Partial<ParamValues<T['params']>>;
  /** present in a mutant: the bug that it puts back, and the design that it was put into */
  readonly mutation?: Mutation;
  readonly mutantOf?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a design of any system
export type AnyDesign = Design<any>;

/** What is asked of a design: what never happens, or what has to come in the end. */
export type CheckKind = 'safety' | 'liveness';

/** The kind of check that a property takes. */
export const checkKindOf = ({ kind }: Property): CheckKind => (kind === 'leads-to' ? 'liveness' : 'safety');

/** A design that holds: machines for every role, and properties. */
export function defineDesign<T extends SystemTypes>(design: Design<T>): Design<T> {
  return design;
}

/** A design with one bug put back: `machines` are those that change. */
export function defineMutant<T extends SystemTypes>(
  design: Design<T>,
  name: string,
  mutation: Omit<Mutation, 'sizes'> & {
    readonly machines: Partial<MachinesOf<T['roles']>>;
    readonly params?: Partial<ParamValues<T['params']>>;
    readonly memoryModel?: MemoryModel;
  },
): Design<T> {
  const { machines, params, memoryModel, ...rest } = mutation;
  return {
    ...design,
    id: `${design.id}/${name}`,
    title: rest.bug,
    machines: { ...design.machines, ...machines },
    params: { ...design.params, ...params } as Partial<ParamValues<T['params']>>,
    ...(memoryModel && { memoryModel }),
    mutation: { ...rest, ...(params && { params: params as Readonly<Record<string, number>> }) },
    mutantOf: design.id,
  };
}

/** What every system has under TSO. */
const storeBufferSize: ParamSpecs = {
  storeBuffer: { default: 4, min: 1, max: 32, description: 'how many stores a store buffer holds', special: true },
};

/** The sizes that a run of the design has. */
function paramSpecsOf({ system, memoryModel }: AnyDesign): ParamSpecs {
  return { ...system.spec.params, ...(memoryModel === 'tso' && storeBufferSize) };
}

/** The sizes of a run: those asked for, else those of the design, else the defaults of the system. */
export function resolveParams(design: AnyDesign, asked: Readonly<Record<string, number>>): Record<string, number> {
  const specs = paramSpecsOf(design);
  for (const name of Object.keys(asked)) {
    if (!Object.hasOwn(specs, name)) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `design ${design.id} has no parameter '${name}'`,
        `its parameters are ${Object.keys(specs).join(', ')}`,
      );
    }
  }
  const params: Record<string, number> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = asked[name] ?? design.params?.[name] ?? spec.default;
    if (!Number.isInteger(value) || value < spec.min || value > spec.max) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${name} is ${value}, and must be a whole number from ${spec.min} to ${spec.max}`,
        `${name}: ${spec.description}`,
      );
    }
    const least = design.minParams?.[name] ?? spec.min;
    if (value < least) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${design.id} needs ${name} ${least} or more, and ${value} was asked for`,
        `leave ${name} out, or check another design; ${name}: ${spec.description}`,
      );
    }
    if (value > 0 && (design.unsupportedParams as readonly string[] | undefined)?.includes(name)) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${design.id} knows nothing of ${name}, and ${value} was asked for`,
        `leave ${name} out, or check another design; ${name}: ${spec.description}`,
      );
    }
    params[name] = value;
  }
  return params;
}

/**
 * The sizes that a design is checked at by itself, as far as they are not those of its system: what is special about
 * it.
 */
export function nonDefaultParams(design: AnyDesign): [string, number][] {
  const specs = paramSpecsOf(design);
  return Object.entries(resolveParams(design, {})).filter(([name, value]) => value !== specs[name]?.default);
}

/**
 * Whether a run has less than the design has by itself, so that a bug need not show: fewer vCPUs or pages, or another
 * special size.
 */
export function isBelowOwnParams(design: AnyDesign, params: Readonly<Record<string, number>>): boolean {
  const specs = paramSpecsOf(design);
  return Object.entries(resolveParams(design, {})).some(
    ([name, own]) => params[name] < own || (specs[name]?.special === true && params[name] !== own),
  );
}

/** The sizes of a run as a person is told them: all but special ones that are what the design has by itself. */
export function displayedParams(design: AnyDesign, params: Readonly<Record<string, number>>): [string, number][] {
  const specs = paramSpecsOf(design);
  return Object.entries(params).filter(
    ([name, value]) => !specs[name]?.special || value !== (design.params?.[name] ?? specs[name]?.default),
  );
}
