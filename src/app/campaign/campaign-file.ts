import { existsSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { PrecopyError } from '../../model/errors.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { readInput } from '../files/input-file.ts';
import { oneLine, textOfException } from '../wording.ts';
import { type Campaign, campaignSchema, type NamedCampaign } from './campaign-schema.ts';

type Path = readonly PropertyKey[];

/** What a campaign file contains, and where. */
interface Source {
  readonly content: unknown;
  /** Returns where a mistake is: `nightly.yaml:7`. */
  readonly placeOf: (path: Path) => string;
}

/**
 * Loads a campaign from YAML (or JSON, which is YAML), or from the default export of a TypeScript module.
 * @throws PrecopyError `BAD_FILE` if it cannot be read, `BAD_PARAMETER` for content that no campaign has
 */
export async function loadCampaign(file: string): Promise<NamedCampaign> {
  const { content, placeOf } = /\.[cm]?[jt]s$/.test(file) ? await loadModule(file) : loadYaml(file);
  const parsed = campaignSchema.safeParse(content);
  if (!parsed.success) throw mistake(parsed.error, content, placeOf);
  if (!parsed.data.check && !parsed.data.simulate) {
    throw new PrecopyError('BAD_PARAMETER', `${file} has nothing to do`, 'give a list `check` or `simulate`');
  }
  return { name: basename(file, extname(file)).replaceAll(/[^\w.-]/g, '-'), ...parsed.data };
}

function loadYaml(file: string): Source {
  const lines = new LineCounter();
  const document = parseDocument(readInput(file).toString('utf8'), { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): string => `${file}:${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error) throw new PrecopyError('BAD_FILE', `${at(error.pos[0])}: ${oneLine(error.message)}`, 'correct the file');
  return { content: contentOf(document, file), placeOf: (path) => at(offsetOf(document, path)) };
}

/** Aliases that expand to more than any campaign needs are refused. */
function contentOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${file}: ${oneLine((error as Error).message)}`, 'write it without aliases');
  }
}

/** Returns the offset of the innermost node of a path that exists. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as { readonly range?: readonly number[] } | undefined;
    if (node?.range?.[0] !== undefined) return node.range[0];
  }
  return 0;
}

async function loadModule(file: string): Promise<Source> {
  const path = resolve(file);
  if (!existsSync(path)) throw new PrecopyError('BAD_FILE', `there is no file ${file}`, 'check the path');
  const { hookModules } = await import('../designs/load-designs.ts');
  await hookModules();
  try {
    const { default: content } = (await import(pathToFileURL(path).href)) as { readonly default?: Campaign };
    return { content, placeOf: () => file };
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${file} does not load: ${oneLine(textOfException(error))}`, 'correct the file');
  }
}

function mistake(error: z.ZodError, content: unknown, placeOf: Source['placeOf']): PrecopyError {
  const issue = innermost(error.issues[0] as z.core.$ZodIssue);
  const where = `${placeOf(issue.path)}: ${issue.path.map(String).join('.') || 'the campaign'}`;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = keysAt(issue.path);
    const cause = `${placeOf([...issue.path, key])}: there is no '${key}'${didYouMean(key, known)}`;
    return new PrecopyError('UNKNOWN_NAME', cause, `there are ${known.join(', ')}`);
  }
  const value = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown>)?.[key], content);
  const shown = value === undefined ? '' : ` is ${oneLine(JSON.stringify(value)).slice(0, 80)}`;
  return new PrecopyError('BAD_PARAMETER', `${where}${shown}`, oneLine(issue.message));
}

/** Returns the issue of the branch of a union that got furthest. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flatMap(([first]) => (first ? [innermost(first)] : []));
  const deepest = inner.sort((a, b) => b.path.length - a.path.length || Number(isType(a)) - Number(isType(b)))[0];
  return deepest ? { ...deepest, path: [...issue.path, ...deepest.path] } : issue;
}

const isType = ({ code }: z.core.$ZodIssue): boolean => code === 'invalid_type';

/** Returns the keys that an object of a campaign may have. */
function keysAt([group, , key]: Path): string[] {
  if (group === undefined) return Object.keys(campaignSchema.shape);
  if (key === 'seeds') return ['first', 'count'];
  const list = campaignSchema.shape[group as 'check' | 'simulate'].unwrap();
  return Object.keys(list.element.shape);
}
