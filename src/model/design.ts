import { PrecopyError } from './errors.ts';
import type { Property } from './property.ts';
import type { MemoryModel } from './store-buffer.ts';
import type { MachinesOf, ParamSpecs, Sizes, System, SystemTypes } from './system.ts';

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
  readonly putsBack: string;
  /** the commit or report that fixed it, where there is one */
  readonly fixedBy?: string;
  /** the property that it has to break */
  readonly breaks: string;
  /** the sizes that it is checked at, where they are not those of the design that it was put into */
  readonly sizes?: Readonly<Record<string, number>>;
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
  readonly sizes?: Partial<Sizes<T['params']>>;
  /** the least of each size that its machines can do with: a second collector where one of them waits for it */
  readonly needs?: Partial<Sizes<T['params']>>;
  /** who its machines know nothing of: these sizes have to be 0 */
  readonly without?: readonly (keyof Sizes<T['params']>)[];
  /** when plain stores reach memory: at once, unless told (`sc`) */
  readonly memoryModel?: MemoryModel;
  /** what is different when it is checked for what must never happen: its bugs are found at smaller sizes, as a rule */
  readonly safetySizes?: Partial<Sizes<T['params']>>;
  /** what is different when it is checked for what has to come in the end, which takes the whole graph of its states */
  readonly livenessSizes?: Partial<Sizes<T['params']>>;
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
    readonly sizes?: Partial<Sizes<T['params']>>;
    readonly memoryModel?: MemoryModel;
  },
): Design<T> {
  const { machines, sizes, memoryModel, ...rest } = mutation;
  return {
    ...design,
    id: `${design.id}/${name}`,
    title: rest.putsBack,
    machines: { ...design.machines, ...machines },
    sizes: { ...design.sizes, ...sizes } as Partial<Sizes<T['params']>>,
    ...(memoryModel && { memoryModel }),
    mutation: { ...rest, ...(sizes && { sizes: sizes as Readonly<Record<string, number>> }) },
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
export function resolveSizes(design: AnyDesign, asked: Readonly<Record<string, number>>): Record<string, number> {
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
  const sizes: Record<string, number> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = asked[name] ?? design.sizes?.[name] ?? spec.default;
    if (!Number.isInteger(value) || value < spec.min || value > spec.max) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${name} is ${value}, and must be a whole number from ${spec.min} to ${spec.max}`,
        `${name}: ${spec.description}`,
      );
    }
    const least = design.needs?.[name] ?? spec.min;
    if (value < least) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${design.id} needs ${name} ${least} or more, and ${value} was asked for`,
        `leave ${name} out, or check another design; ${name}: ${spec.description}`,
      );
    }
    if (value > 0 && (design.without as readonly string[] | undefined)?.includes(name)) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${design.id} knows nothing of ${name}, and ${value} was asked for`,
        `leave ${name} out, or check another design; ${name}: ${spec.description}`,
      );
    }
    sizes[name] = value;
  }
  return sizes;
}

/** The sizes that a design is checked at by itself, as far as they are not those of its system: what is special about it. */
export function ownSizes(design: AnyDesign): [string, number][] {
  const specs = paramSpecsOf(design);
  return Object.entries(resolveSizes(design, {})).filter(([name, value]) => value !== specs[name]?.default);
}

/** Whether a run has less than the design has by itself, so that a bug need not show: fewer vCPUs or pages, or another special size. */
export function isBelowOwnSizes(design: AnyDesign, params: Readonly<Record<string, number>>): boolean {
  const specs = paramSpecsOf(design);
  return Object.entries(resolveSizes(design, {})).some(
    ([name, own]) => (params[name] as number) < own || (specs[name]?.special === true && params[name] !== own),
  );
}

/** The sizes of a run as a person is told them: all but special ones that are what the design has by itself. */
export function shownSizes(design: AnyDesign, params: Readonly<Record<string, number>>): [string, number][] {
  const specs = paramSpecsOf(design);
  return Object.entries(params).filter(
    ([name, value]) => !specs[name]?.special || value !== (design.sizes?.[name] ?? specs[name]?.default),
  );
}
