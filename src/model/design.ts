import { PrecopyError } from './errors.ts';
import { didYouMean } from './nearest-name.ts';
import type { Property } from './property.ts';
import type { MemoryModel } from './store-buffer.ts';
import type { System } from './system.ts';
import { paramSpecsOf } from './system-params.ts';
import type { MachinesOf, ParamValues, SystemTypes } from './system-types.ts';

/**
 * The origin of a design or a bug.
 * @example
 * const source: Source = { version: 'Linux 3.5 and 3.6', functions: ['kvm_vm_ioctl_get_dirty_log'] };
 */
export interface Source {
  /** `Linux 3.5 and 3.6`, `QEMU 10.2` */
  readonly version: string;
  /** commit that introduced the design, or fixed the bug */
  readonly commit?: string;
  /** functions that the machines model, or that had the bug */
  readonly functions?: readonly string[];
}

/**
 * A known bug that a mutant reintroduces.
 * @example
 * const mutation: Mutation = { bug: 'no TLB flush', breaks: 'logged-or-protected' };
 */
export interface Mutation {
  /** the bug, in one line */
  readonly bug: string;
  /** commit or report that fixed the bug */
  readonly fixedBy?: string;
  /** id of the property that the mutant must violate */
  readonly breaks: string;
  /** params that differ from those of the original design */
  readonly params?: Readonly<Record<string, number>>;
  /** by path of a cell of owned memory: why actors may race for it, so that `breaks` shows the bug instead */
  readonly races?: Readonly<Record<string, string>>;
}

/**
 * The simulated time of an action, or from the send to the arrival of a posted message.
 * @example
 * const logWrite: ActionCost = { ns: 20, origin: 'reasoned: one locked operation on a cached word' };
 */
export interface ActionCost {
  /** nanoseconds */
  readonly ns: number;
  /** where the figure comes from: measured, published (where), or reasoned (how) */
  readonly origin: string;
}

/**
 * A design: a machine for each role of a system, and the properties that must hold.
 * @example
 * const design: Design = defineDesign({ id: 'peterson', title: "Peterson's lock", system, machines, properties });
 */
export interface Design<T extends SystemTypes = SystemTypes> {
  /** a word: `precopy check ID`; a mutant has that of its design before a slash */
  readonly id: string;
  /** what it is, in one line */
  readonly title: string;
  readonly source?: Source;
  readonly system: System<T>;
  /** a machine for each role; optional roles may lack one, and then have no actors */
  readonly machines: MachinesOf<T['roles']>;
  /** properties that hold, and covers that are hit */
  readonly properties: readonly Property[];
  /**
   * costs of actions, by `action` or `machine.action`, and latencies of posted messages: they replace those of the
   * profile of a simulation
   */
  readonly costs?: Readonly<Record<string, ActionCost>>;
  /** params of a check by default; params that are absent have the default of the system */
  readonly params?: Partial<ParamValues<T['params']>>;
  /** minimum params of its machines: a second collector, if one of them waits for it */
  readonly minParams?: Partial<ParamValues<T['params']>>;
  /** params that its machines do not support; they must be 0 */
  readonly unsupportedParams?: readonly (keyof ParamValues<T['params']>)[];
  /** memory model; default `sc` */
  readonly memoryModel?: MemoryModel;
  /** params that differ in a safety check: violations are found with smaller params, as a rule */
  readonly safetyParams?: Partial<ParamValues<T['params']>>;
  /** params that differ in a second safety check, at a size that the first one leaves out: a loop over several words */
  readonly secondSafetyParams?: Partial<ParamValues<T['params']>>;
  /** params that differ in a liveness check, which stores the whole state graph */
  readonly livenessParams?: Partial<ParamValues<T['params']>>;
  /** the bug of a mutant */
  readonly mutation?: Mutation;
  /** id of the design that a mutant was made from */
  readonly mutantOf?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: a design of any system
export type AnyDesign = Design<any>;

/** A kind of check: that something bad never happens, or that something good eventually does. */
export type CheckKind = 'safety' | 'liveness';

/** Returns the kind of check that decides a property. */
export const checkKindOf = ({ kind }: Property): CheckKind => (kind === 'leads-to' ? 'liveness' : 'safety');

/** Returns the kinds of checks that decide the properties of a design: safety, and liveness if it has leads-to ones. */
export const allCheckKindsOf = ({ properties }: Pick<AnyDesign, 'properties'>): CheckKind[] =>
  (properties as readonly Property[]).some((property) => checkKindOf(property) === 'liveness')
    ? ['safety', 'liveness']
    : ['safety'];

/** A check of a design for one kind of property, at one size. */
export interface CheckSpec {
  readonly checks: CheckKind;
  readonly params: Readonly<Record<string, number>>;
  /** true for the second of two safety checks */
  readonly isSecond?: boolean;
}

/** Returns the params of a check: the given ones, and those of the design for that kind. A mutant has none of them. */
export function paramsOfCheck(
  { mutation, safetyParams, livenessParams }: AnyDesign,
  kind: CheckKind,
  params: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const own = kind === 'safety' ? safetyParams : livenessParams;
  return mutation ? params : ({ ...own, ...params } as Readonly<Record<string, number>>);
}

/** Returns the checks of some kinds. Given params leave no second size. */
export function checksOf(
  design: AnyDesign,
  kinds: readonly CheckKind[],
  params: Readonly<Record<string, number>>,
): CheckSpec[] {
  const { secondSafetyParams, mutation } = design;
  return kinds.flatMap((checks) => {
    const first = { checks, params: paramsOfCheck(design, checks, params) };
    if (checks !== 'safety' || !secondSafetyParams || mutation || Object.keys(params).length > 0) return [first];
    return [first, { checks, params: secondSafetyParams as CheckSpec['params'], isSecond: true }];
  });
}

/**
 * Returns the params of a run: the given ones, else those of the design, else the defaults of the system.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function resolveParams(design: AnyDesign, overrides: Readonly<Record<string, number>>): Record<string, number> {
  const specs = paramSpecsOf(design);
  for (const name of Object.keys(overrides)) {
    if (!Object.hasOwn(specs, name)) {
      const known = Object.keys(specs);
      throw new PrecopyError(
        'BAD_PARAMETER',
        `design ${design.id} has no parameter '${name}'${didYouMean(name, known)}`,
        known.length > 0 ? `its parameters are ${known.join(', ')}` : 'leave it out: the design has no parameters',
      );
    }
  }
  const params: Record<string, number> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = overrides[name] ?? design.params?.[name] ?? spec.default;
    if (!Number.isInteger(value) || value < spec.min || value > spec.max) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${name} is ${value}, but must be an integer from ${spec.min} to ${spec.max}`,
        `${name}: ${spec.description}`,
      );
    }
    const min = design.minParams?.[name] ?? spec.min;
    if (value < min) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${design.id} needs ${name} ${min} or more, not ${value}`,
        `leave ${name} out, or check another design; ${name}: ${spec.description}`,
      );
    }
    if (value > 0 && (design.unsupportedParams as readonly string[] | undefined)?.includes(name)) {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `${design.id} does not support ${name}, which is ${value}`,
        `leave ${name} out, or check another design; ${name}: ${spec.description}`,
      );
    }
    params[name] = value;
  }
  return params;
}

/** Returns the params of a design that differ from the defaults of its system. */
export function nonDefaultParams(design: AnyDesign): [string, number][] {
  const specs = paramSpecsOf(design);
  return Object.entries(resolveParams(design, {})).filter(([name, value]) => value !== specs[name]?.default);
}

/**
 * Returns whether params are smaller than those of the design, or differ in a special one: a bug need not show then.
 */
export function isBelowOwnParams(design: AnyDesign, params: Readonly<Record<string, number>>): boolean {
  const specs = paramSpecsOf(design);
  return Object.entries(resolveParams(design, {})).some(
    ([name, own]) => params[name] < own || (specs[name]?.special === true && params[name] !== own),
  );
}

/** Returns the params of a run to display: all but special ones with the value of the design. */
export function displayedParams(design: AnyDesign, params: Readonly<Record<string, number>>): [string, number][] {
  const specs = paramSpecsOf(design);
  return Object.entries(params).filter(
    ([name, value]) => !specs[name]?.special || value !== (design.params?.[name] ?? specs[name]?.default),
  );
}
