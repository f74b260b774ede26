import type { Trace } from '../model/trace.ts';
import type { ColumnsOptions } from './columns.ts';

type Renderer<Result> = (trace: Trace, options?: ColumnsOptions) => Result;

// Modules are loaded on demand, so that the command line can list the formats without loading the renderers.
const textRenderers = {
  columns: async () => (await import('./columns.ts')).columns,
  commit: async () => (await import('./commit-message.ts')).commitMessage,
  json: async () => (await import('./json.ts')).json,
  mermaid: async () => (await import('./mermaid.ts')).mermaid,
  itf: async () => (await import('./itf.ts')).itf,
} satisfies Readonly<Record<string, () => Promise<Renderer<string>>>>;

const renderers = {
  ...textRenderers,
  perfetto: async () => (await import('./perfetto.ts')).perfetto,
} satisfies Readonly<Record<string, () => Promise<Renderer<string | Uint8Array>>>>;

/** A format of traces that is text. */
export type TextFormatName = keyof typeof textRenderers;
/** A format of traces. */
export type FormatName = keyof typeof renderers;

export const textFormatNames = Object.keys(textRenderers) as TextFormatName[];
export const formatNames = Object.keys(renderers) as FormatName[];

/** Loads the renderer of a text format. */
export const textRenderer = (format: TextFormatName): Promise<Renderer<string>> => textRenderers[format]();

/** Loads the renderer of a format. */
export const renderer = (format: FormatName): Promise<Renderer<string | Uint8Array>> => renderers[format]();
