import type { Trace, TraceMove } from '../model/trace.ts';
import { describeAccess, describeAction, describeViolationSite, eventOf, summarizeAccesses } from './describe.ts';
import { PerfettoWriter } from './perfetto-writer.ts';

/** A step has no duration: it is shown as one microsecond. */
const stepNs = 1000;

/**
 * A trace in Perfetto's format: two rows an actor, its states and what it does; messages are arrows. Time is the number of the step, in
 * microseconds.
 */
export function perfetto(trace: Trace): Uint8Array {
  const chunks: Uint8Array[] = [];
  const writer = new PerfettoWriter((bytes) => chunks.push(bytes));
  const rows = trace.actors.map((name) => {
    const row = writer.track(name);
    return { deeds: row, states: writer.track('state', row) };
  });
  rows.forEach(({ states }, actor) => {
    writer.begin(states, trace.initial.states[actor] as string, 0);
  });
  const mail = new Mail();
  trace.steps.forEach((step, n) => {
    const share = stepNs / step.moves.length;
    step.moves.forEach((move, part) => {
      const { deeds, states } = rows[move.actor] as (typeof rows)[number];
      const [fromNs, toNs] = [n * stepNs + part * share, n * stepNs + (part + 1) * share];
      writer.begin(deeds, [eventOf(trace, step, move), describeAction(move)].filter(Boolean).join(': '), fromNs, {
        flows: mail.through(move),
        annotations: {
          step: n + 1,
          ...Object.fromEntries(summarizeAccesses(move).map((touch) => [touch.cell, describeAccess(touch)])),
        },
      });
      writer.end(deeds, toNs);
      if (move.before === move.after) return;
      writer.end(states, toNs);
      writer.begin(states, move.after, toNs);
    });
  });
  const endNs = trace.steps.length * stepNs;
  for (const { states } of rows) writer.end(states, endNs + stepNs);
  const { violation } = trace;
  if (violation) {
    const row = writer.track('properties');
    writer.instant(row, `${violation.property} breaks ${describeViolationSite(trace)}`, endNs, {
      annotations: { says: violation.description },
    });
  }
  writer.finish();
  return Buffer.concat(chunks);
}

/** Numbers of the arrows from who sends a message to who takes it: the oldest first, where several are on their way. */
class Mail {
  private readonly underway = new Map<string, number[]>();
  private sent = 0;

  /** The arrows that end and begin in a move. */
  through({ actor, event, from, sent }: TraceMove): number[] {
    const taken = this.boxOf(event, from, actor).shift();
    const begun = sent.map(({ type, to }) => {
      const flow = ++this.sent;
      this.boxOf(type, actor, to).push(flow);
      return flow;
    });
    return taken === undefined ? begun : [taken, ...begun];
  }

  private boxOf(type: string, from: number, to: number): number[] {
    const key = `${type} ${from} ${to}`;
    const box = this.underway.get(key) ?? [];
    this.underway.set(key, box);
    return box;
  }
}
