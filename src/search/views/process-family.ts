import { type AnyDesign, resolveParams } from '../../model/design.ts';
import type { SymmetrySpec } from '../../model/symmetry-spec.ts';
import { paramSpecsOf } from '../../model/system-params.ts';
import { refuse } from './refusal.ts';

type Params = Readonly<Record<string, number>>;

/**
 * A design at every number of its interchangeable processes. One param counts the processes of a role. From some value
 * of it on, each one more adds a process of one kind, which *grows*; processes of other kinds are always there.
 */
export class ProcessFamily {
  /** the param that counts the processes */
  readonly param: string;
  readonly symmetry: SymmetrySpec;
  /** the smallest and the largest value of the param */
  readonly min: number;
  readonly max: number;
  /** value of the param at which no process of the kind that grows is there */
  readonly base: number;
  /** the kind that grows, as `kindOf` numbers it */
  private readonly kind: number;
  private readonly params: Params;

  /** @throws PrecopyError `NOT_SOUND` if nothing grows, or more than one kind does */
  constructor(
    readonly design: AnyDesign,
    overrides: Params,
  ) {
    const { symmetry } = design.system.spec;
    if (symmetry === undefined) throw refuse(design.id, 'its system declares no symmetry');
    this.symmetry = symmetry;
    this.params = resolveParams(design, overrides);
    const specs = paramSpecsOf(design);
    const counting = Object.entries(specs).filter(
      ([name]) => this.count(this.params, name, 1) - this.count(this.params, name, 0) === 1,
    );
    const [found] = counting;
    if (found === undefined || counting.length > 1) {
      throw refuse(design.id, `no single param counts the actors of the role '${symmetry.role}'`);
    }
    const [param, spec] = found;
    this.param = param;
    this.min = Math.max(spec.min, design.minParams?.[param] ?? spec.min);
    this.max = spec.max;
    [this.base, this.kind] = this.growth();
  }

  /** Returns the params at which this many processes of the growing kind are there. */
  paramsAt(processes: number): Params {
    return this.paramsWith(this.base + processes);
  }

  paramsWith(value: number): Params {
    return { ...this.params, [this.param]: value };
  }

  /** Returns which of the processes, by index in the role, are of the growing kind at this many of them. */
  growingAt(processes: number): number[] {
    return this.kindsAt(this.base + processes).flatMap((kind, nth) => (kind === this.kind ? [nth] : []));
  }

  /** Returns the number of processes where a param is raised by some. */
  private count(params: Params, param: string, more: number): number {
    const { design, symmetry } = this;
    const spec = (design.system.spec.actors as Record<string, unknown>)[symmetry.role];
    const counted = (typeof spec === 'function' ? spec : (spec as { some?: unknown } | undefined)?.some) as
      | ((params: Params) => number)
      | undefined;
    return counted?.({ ...params, [param]: (params[param] ?? 0) + more }) ?? 0;
  }

  private kindsAt(value: number): number[] {
    const params = this.paramsWith(value);
    const { kindOf } = this.symmetry;
    return Array.from({ length: this.count(params, this.param, 0) }, (_, nth) => kindOf?.(params as never, nth) ?? 0);
  }

  private growth(): [base: number, kind: number] {
    for (let base = Math.max(0, this.min - 1); base < this.min + maxFixed; base++) {
      const lists = [0, 1, 2, 3, 4].map((more) => this.kindsAt(base + more));
      const [first] = lists;
      const kind = lists[1][first.length];
      const grows = lists.every(
        (kinds, more) =>
          kinds.length === first.length + more &&
          kinds.every((one, nth) => one === (nth < first.length ? first[nth] : kind)),
      );
      if (grows && !first.includes(kind)) return [base, kind];
    }
    throw refuse(this.design.id, `the actors that '${this.param}' adds are not all of one kind`);
  }
}

/** Most processes of other kinds. */
const maxFixed = 8;
