import type { Trace, TraceMove } from '../model/trace.ts';
import { describeAccess, describeAction, eventOf, outcomeOf, summarizeAccesses } from './describe.ts';
import { PerfettoWriter } from './perfetto-writer.ts';

/** Duration of a step, which has none in the model, in ns. */
const stepNs = 1000;

/**
 * Renders a trace in Perfetto's format: two tracks per actor, for its states and its steps, and a flow for each
 * message. The time is the index of the step, in microseconds.
 */
export function perfetto(trace: Trace): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer = new PerfettoWriter((bytes) => chunks.push(bytes));
  const rows = trace.actors.map((name) => {
    const row = writer.track(name);
    return { steps: row, states: writer.track('state', row) };
  });
  rows.forEach(({ states }, actor) => {
    writer.begin(states, trace.initial.states[actor] as string, 0);
  });
  const flows = new MessageFlows();
  trace.steps.forEach((step, n) => {
    const share = stepNs / step.moves.length;
    step.moves.forEach((move, part) => {
      const { steps, states } = rows[move.actor] as (typeof rows)[number];
      const [fromNs, toNs] = [n * stepNs + part * share, n * stepNs + (part + 1) * share];
      writer.begin(steps, [eventOf(trace, step, move), describeAction(move)].filter(Boolean).join(': '), fromNs, {
        flows: flows.through(move),
        annotations: {
          step: n + 1,
          ...Object.fromEntries(summarizeAccesses(trace, move).map((access) => [access.cell, describeAccess(access)])),
        },
      });
      writer.end(steps, toNs);
      if (move.before === move.after) return;
      writer.end(states, toNs);
      writer.begin(states, move.after, toNs);
    });
  });
  const endNs = trace.steps.length * stepNs;
  for (const { states } of rows) writer.end(states, endNs + stepNs);
  const outcome = outcomeOf(trace);
  if (outcome) {
    const row = writer.track('properties');
    writer.instant(row, outcome.text, endNs, {
      annotations: { description: outcome.description },
    });
  }
  writer.finish();
  return concatenated(chunks);
}

/**
 * Ids of the flows from the sender of a message to its receiver. Messages between the same actors are received in
 * order.
 */
class MessageFlows {
  private readonly inTransit = new Map<string, number[]>();
  private sent = 0;

  /** Returns the flows that end and begin in a move. */
  through({ actor, event, from, sent }: TraceMove): number[] {
    const taken = this.flowsOf(event, from, actor).shift();
    const begun = sent.map(({ type, to }) => {
      const flow = ++this.sent;
      this.flowsOf(type, actor, to).push(flow);
      return flow;
    });
    return taken === undefined ? begun : [taken, ...begun];
  }

  private flowsOf(type: string, from: number, to: number): number[] {
    const key = `${type} ${from} ${to}`;
    const box = this.inTransit.get(key) ?? [];
    this.inTransit.set(key, box);
    return box;
  }
}

function concatenated(chunks: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
