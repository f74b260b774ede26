import { type AnyDesign, displayedParams } from '../../model/design.ts';
import { paramsText } from './check-report.ts';

interface Sized {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
}

/** Formats the params of checks in short: the values of those that all designs have, without their names. */
export class Sizes {
  /** the names of the params, in the order of their values: `vcpus/pages`; empty if the designs have no common ones */
  readonly names: string;
  private readonly common: readonly string[];

  constructor(checks: readonly Sized[]) {
    const lists = checks.map(({ design, params }) => displayedParams(design, params).map(([name]) => name));
    const [first = []] = lists;
    this.common = first.filter((name) => lists.every((list) => list.includes(name)));
    this.names = this.common.join('/');
  }

  /** Formats the params of a check: `2/2`, and those with a name that only some checks show: `2/2 loggingOn=1`. */
  textOf({ design, params }: Sized): string {
    const values = this.common.map((name) => params[name]).join('/');
    const others = paramsText(design, params)
      .split(' ')
      .filter((pair) => pair !== '' && !this.common.includes(pair.slice(0, pair.indexOf('='))));
    return [values, ...others].filter((text) => text !== '').join(' ');
  }
}
