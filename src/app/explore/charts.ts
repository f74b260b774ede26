import type { AnyDesign } from '../../model/design.ts';
import type { Machine } from '../../model/machine.ts';
import { dotOf } from '../../report/statechart-dot.ts';

/** Statecharts of a design as SVG, by role. */
export type Charts = Readonly<Record<string, string>>;

/** Draws the statecharts of a design. Graphviz lays them out, in Node: no page needs a layout engine. */
export async function chartsOf({ machines }: AnyDesign): Promise<Charts> {
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  const drawn = Object.entries(machines as Record<string, Machine>).map(([role, { statechart }]) => [
    role,
    viz.renderString(dotOf(statechart), { format: 'svg' }),
  ]);
  return Object.fromEntries(drawn);
}
