import type { AnyStateMachine } from 'xstate';
import { dotOf } from './statechart-dot.ts';

/** Draws a statechart as SVG. Graphviz lays it out, in Node: no page needs a layout engine. */
export async function statechartSvg(statechart: AnyStateMachine): Promise<string> {
  const { instance } = await import('@viz-js/viz');
  graphviz ??= instance();
  return (await graphviz).renderString(dotOf(statechart), { format: 'svg' });
}

/** Graphviz, which is compiled once. */
let graphviz: ReturnType<typeof import('@viz-js/viz').instance> | undefined;
