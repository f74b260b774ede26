import type { Trace, TraceDocument } from '../model/trace.ts';

export function traceToDocument(trace: Trace): TraceDocument {
  return { format: 'precopy-trace', version: 1, ...trace };
}

/** Renders a trace as JSON. */
export function json(trace: Trace): string {
  return JSON.stringify(traceToDocument(trace), null, 2);
}
