import type { Trace } from '../model/trace.ts';

/** A trace as a document; docs/schemas/trace.schema.json describes it. */
export type TraceDocument = { readonly format: 'precopy-trace'; readonly version: 1 } & Trace;

export function traceToDocument(trace: Trace): TraceDocument {
  return { format: 'precopy-trace', version: 1, ...trace };
}

/** A trace as JSON text. */
export function json(trace: Trace): string {
  return JSON.stringify(traceToDocument(trace), null, 2);
}
