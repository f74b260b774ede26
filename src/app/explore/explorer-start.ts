import { existsSync } from 'node:fs';
import type { PageStart } from '../../explore/page-start.ts';
import { parseSituation } from '../../explore/situation.ts';
import { resolveParams } from '../../model/design.ts';
import { parseSchedule } from '../../model/schedule-text.ts';
import { builtInDesign, targetsInFile } from '../designs/design-registry.ts';
import { readInput } from '../files/input-file.ts';
import { scheduleIn } from '../files/schedule-file.ts';

/** What an explorer is opened with: a page, and a file of one's own that its engine contains. */
export interface ExplorerStart {
  readonly page: PageStart;
  readonly file: string | undefined;
}

/** How a person opens the explorer. */
export interface ExplorerOptions {
  /** the file that exports the design of a schedule */
  readonly file?: string | undefined;
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel?: 'sc' | 'tso' | undefined;
}

const sourceFile = /^(.+?\.[cm]?[jt]sx?)(?::(.+))?$/;

/**
 * Returns what an argument opens: a design, a file of one's own, a schedule, or a file with a schedule or a situation.
 * @throws PrecopyError `UNKNOWN_NAME` for a design that is none, `BAD_FILE` for a file of another kind,
 * `BAD_PARAMETER` as `resolveParams`
 */
export async function explorerStart(
  argument: string | undefined,
  { file, params, memoryModel }: ExplorerOptions,
): Promise<ExplorerStart> {
  const options = { ...(params && { params }), ...(memoryModel && { memoryModel }) };
  if (argument === undefined) {
    if (file !== undefined) await targetsInFile(file);
    return { page: options, file };
  }
  const [, path, id] = sourceFile.exec(argument) ?? [];
  if (path !== undefined) {
    // Loading it tells a person at once what is wrong with its designs.
    const [first] = await targetsInFile(argument);
    if (first) resolveParams(first.design, params ?? {});
    return { page: { ...options, design: id ?? first?.design.id ?? '' }, file: path };
  }
  const situation = existsSync(argument) ? situationIn(argument) : undefined;
  if (situation !== undefined) return { page: { situation }, file };
  if (argument.includes('@') || existsSync(argument)) {
    const schedule = scheduleIn(argument);
    parseSchedule(schedule);
    return { page: { schedule }, file };
  }
  const design = await builtInDesign(argument);
  resolveParams(design, params ?? {});
  return { page: { ...options, design: design.id }, file };
}

/**
 * Returns the text of a file if it is a situation that the explorer has saved.
 * @throws PrecopyError `BAD_FILE` as `parseSituation`
 */
function situationIn(path: string): string | undefined {
  const text = readInput(path).toString('utf8');
  return /"format"\s*:\s*"precopy-situation"/.test(text) ? JSON.stringify(parseSituation(text)) : undefined;
}
