import { existsSync } from 'node:fs';
import { z } from 'zod';
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
  if (document.format === 'precopy-trace' && document.schedule !== undefined) return document.schedule;
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

const storedRun = z.object({ schedule: z.string() });
const storedEntry = z.object({
  design: z.string(),
  counterexample: storedRun.optional(),
  goal: z.object({ run: storedRun.optional() }).optional(),
});

/** What of a document is read here. */
const storedDocument = z.object({
  format: z.string().optional(),
  schedule: z.string().optional(),
  designs: z.array(storedEntry).optional(),
  mutants: z.array(storedEntry).optional(),
});

type StoredDocument = z.infer<typeof storedDocument>;

function parseJson(text: string, file: string): StoredDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${file} is not JSON: ${oneLine((error as Error).message)}`, 'write it again');
  }
  const parsed = storedDocument.safeParse(value);
  if (parsed.success) return parsed.data;
  const why = oneLine(z.prettifyError(parsed.error));
  throw new PrecopyError('BAD_FILE', `${file} is no document of precopy: ${why}`, 'write it again');
}

/**
 * Returns the only counterexample, or the only run to a goal. Counterexamples of mutants are expected, so they count
 * only if no design has one.
 */
function onlyScheduleIn({ designs = [], mutants = [] }: StoredDocument, file: string): string {
  const schedulesOf = (entries: StoredDocument['designs'] & {}) =>
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
