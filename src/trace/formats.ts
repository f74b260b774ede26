import type { Trace } from '../model/trace.ts';
import { type ColumnsOptions, columns } from './columns.ts';
import type { FormatName } from './format-names.ts';
import { json } from './json.ts';
import { mermaid } from './mermaid.ts';

type Renderer = (trace: Trace, options?: ColumnsOptions) => string;

/** Every way to write a trace down, by the name that `--format` takes. */
export const formats: Readonly<Record<FormatName, Renderer>> = { columns, json, mermaid };
