import { existsSync, readFileSync, statSync } from 'node:fs';
import { oneLine } from '../../cli/report/error-report.ts';
import { PrecopyError } from '../../model/errors.ts';

/**
 * The schedule that an argument is, or that the file holds which it names: a schedule as text, as the last word of what `precopy check`
 * printed, in a trace, or in a document of `check --json`.
 * @throws PrecopyError `BAD_FILE` or `BAD_SCHEDULE`
 */
export function scheduleIn(argument: string): string {
  if (existsSync(argument) && statSync(argument).isFile()) return scheduleOf(readFileSync(argument, 'utf8'), argument);
  if (/^\.{0,2}\/|\.(json|txt|log)$/.test(argument)) {
    throw new PrecopyError(
      'BAD_FILE',
      `there is no file ${argument}`,
      'give a schedule, or the path of a file with one',
    );
  }
  return argument;
}

function scheduleOf(text: string, file: string): string {
  if (!text.trimStart().startsWith('{')) return text.trim().split(/\s+/).at(-1) ?? '';
  const document = parseJson(text, file);
  if (document.format === 'precopy-trace' && typeof document.schedule === 'string') return document.schedule;
  if (document.format === 'precopy-check') return onlyScheduleIn(document, file);
  throw new PrecopyError(
    'BAD_FILE',
    `${file} is JSON, but no trace and no document of \`check --json\``,
    'name another file',
  );
}

interface StoredDocument {
  readonly format?: unknown;
  readonly schedule?: unknown;
  readonly designs?: readonly StoredEntry[];
  readonly mutants?: readonly StoredEntry[];
}

interface StoredEntry {
  readonly design: string;
  readonly counterexample?: { readonly schedule: string };
}

function parseJson(text: string, file: string): StoredDocument {
  try {
    return JSON.parse(text) as StoredDocument;
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${file} is not JSON: ${oneLine((error as Error).message)}`, 'write it again');
  }
}

/** Mutants are there to be caught: their counterexamples count only where no design has one. */
function onlyScheduleIn({ designs = [], mutants = [] }: StoredDocument, file: string): string {
  const caught = (entries: readonly StoredEntry[]): StoredEntry[] =>
    entries.filter(({ counterexample }) => counterexample);
  const candidates = caught(designs).length > 0 ? caught(designs) : caught(mutants);
  const [only] = candidates;
  if (only?.counterexample && candidates.length === 1) return only.counterexample.schedule;
  if (!only) throw new PrecopyError('BAD_FILE', `${file} holds no counterexample`, 'there is nothing to replay');
  const names = candidates.map(({ design }) => design).join(', ');
  throw new PrecopyError(
    'BAD_FILE',
    `${file} holds ${candidates.length} counterexamples: ${names}`,
    'copy the schedule of one',
  );
}
