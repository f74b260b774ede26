import type { Trace } from '../model/trace.ts';
import { describeAction, eventOf, stemOf } from './describe.ts';

/** Returns the index of the first state of the cycle. */
function loopOf(trace: Trace): number {
  return trace.cycle === 0 ? trace.steps.length : stemOf(trace) + 1;
}

/**
 * Renders a trace in the Informal Trace Format of Apalache and Quint. Each state has the values of the cells that some
 * step accesses, and the states of the actors. Values are text.
 */
export function itf(trace: Trace): string {
  const values: Record<string, string> = { ...trace.initial.cells };
  trace.actors.forEach((actor, n) => {
    values[`${actor}.state`] = trace.initial.states[n] as string;
  });
  const states = [{ '#meta': { index: 0 }, ...values }];
  trace.steps.forEach((step, n) => {
    for (const { actor, after, accesses } of step.moves) {
      values[`${trace.actors[actor]}.state`] = after;
      for (const access of accesses) values[access.cell] = access.after;
    }
    const [first] = step.moves;
    const action = first && [eventOf(trace, step, first), describeAction(first)].filter(Boolean).join(': ');
    states.push({
      '#meta': { index: n + 1, ...(first && { actor: trace.actors[first.actor], action }) },
      ...values,
    });
  });
  const { design, schedule, params, violation } = trace;
  return JSON.stringify(
    {
      '#meta': {
        format: 'ITF',
        'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
        source: `precopy ${design}`,
        schedule,
        params,
        ...(violation && { violated: violation.property }),
      },
      params: [],
      vars: Object.keys(values),
      ...(trace.cycle !== undefined && { loop: loopOf(trace) }),
      states,
    },
    null,
    2,
  );
}
