import { existsSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import { looksLikeSchedule } from '../../model/schedule-text.ts';
import { oneLine } from '../wording.ts';
import { readInput } from './input-file.ts';

/**
 * Returns the schedule that an argument is, or that a file contains: as text, as the last word of the output of
 * `precopy check`, in a trace, or in a document of `check --json`.
 * @throws PrecopyError `BAD_FILE`
 */
export function scheduleIn(argument: string): string {
  if (existsSync(argument)) return scheduleOf(readInput(argument).toString('utf8'), argument);
  if (looksLikeSchedule(argument) || !/^\.{0,2}\/|\.(json|txt|log)$/.test(argument)) return argument;
  throw new PrecopyError('BAD_FILE', `there is no file ${argument}`, 'give a schedule, or the path of a file with one');
}

function scheduleOf(text: string, file: string): string {
  if (!text.trimStart().startsWith('{')) return lastWordIn(text, file);
  const document = parseJson(text, file);
  if (document.format === 'precopy-trace' && typeof document.schedule === 'string') return document.schedule;
  if (document.format === 'precopy-check') return onlyScheduleIn(document, file);
  throw new PrecopyError(
    'BAD_FILE',
    `${file} is JSON, but neither a trace nor a document of \`check --json\``,
    'name another file',
  );
}

/** Returns the last word, without the quotes of a shell. */
function lastWordIn(text: string, file: string): string {
  const [, quoted, plain = ''] = /(?:'((?:[^'\n]|'\\'')*)'|(\S*))\s*$/.exec(text) ?? [];
  const word = quoted?.replaceAll("'\\''", "'") ?? plain;
  if (looksLikeSchedule(word)) return word;
  throw new PrecopyError(
    'BAD_FILE',
    `${file} does not end with a schedule, nor is it a JSON trace or a document of \`check --json\``,
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
  readonly goal?: { readonly run?: { readonly schedule: string } };
}

function parseJson(text: string, file: string): StoredDocument {
  try {
    return JSON.parse(text) as StoredDocument;
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${file} is not JSON: ${oneLine((error as Error).message)}`, 'write it again');
  }
}

/**
 * Returns the only counterexample, or the only run to a goal. Counterexamples of mutants are expected, so they count
 * only if no design has one.
 */
function onlyScheduleIn({ designs = [], mutants = [] }: StoredDocument, file: string): string {
  const schedulesOf = (entries: readonly StoredEntry[]) =>
    entries.flatMap(({ design, counterexample, goal }) => {
      const run = counterexample ?? goal?.run;
      return run ? [{ design, schedule: run.schedule }] : [];
    });
  const candidates = schedulesOf(designs).length > 0 ? schedulesOf(designs) : schedulesOf(mutants);
  const [only] = candidates;
  if (only && candidates.length === 1) return only.schedule;
  if (!only) throw new PrecopyError('BAD_FILE', `${file} contains no counterexample`, 'there is nothing to replay');
  const names = candidates.map(({ design }) => design).join(', ');
  throw new PrecopyError(
    'BAD_FILE',
    `${file} contains ${candidates.length} counterexamples: ${names}`,
    'give the schedule of one of them',
  );
}
