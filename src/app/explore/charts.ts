import type { AnyDesign } from '../../model/design.ts';
import type { Machine } from '../../model/machine.ts';
import { statechartSvg } from '../../report/statechart-svg.ts';

/** Statecharts of a design as SVG, by role. */
export type Charts = Readonly<Record<string, string>>;

/** Draws the statecharts of a design. */
export async function chartsOf({ machines }: AnyDesign): Promise<Charts> {
  const roles = Object.entries(machines as Record<string, Machine>);
  const drawn = roles.map(async ([role, { statechart }]) => [role, await statechartSvg(statechart)] as const);
  return Object.fromEntries(await Promise.all(drawn));
}
