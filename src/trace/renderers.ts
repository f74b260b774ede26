import type { Trace } from '../model/trace.ts';
import { type ColumnsOptions, columns } from './columns.ts';
import type { FormatName, TextFormatName } from './format-names.ts';
import { itf } from './itf.ts';
import { json } from './json.ts';
import { mermaid } from './mermaid.ts';
import { perfetto } from './perfetto.ts';

type Renderer<Result> = (trace: Trace, options?: ColumnsOptions) => Result;

/** Every way to write a trace down as text, by the name that `--format` takes. */
export const textFormats: Readonly<Record<TextFormatName, Renderer<string>>> = { columns, json, mermaid, itf };
/** Every way to write a trace down. */
export const formats: Readonly<Record<FormatName, Renderer<string | Uint8Array>>> = { ...textFormats, perfetto };
