import type { CheckResult } from '../../app/check/verification-job.ts';
import {
  type AnyDesign,
  displayedParams,
  isBelowOwnParams,
  nonDefaultParams,
  type Source,
} from '../../model/design.ts';
import { type Property, wellFormed } from '../../model/property.ts';
import type { Exploration, StopReason } from '../../search/exploration.ts';
import type { Output } from './console-output.ts';
import { coversText } from './covers-text.ts';
import { plural } from './plural.ts';
import { describeSearch } from './search-figures.ts';
import { transitionName } from './transition-name.ts';

/** Prints the result of a check: a line with the verdict, then the design, the search, and the properties. */
export function reportResult(result: CheckResult, output: Output): void {
  output.gap();
  output.printProse(verdictLine(result, output));
  for (const text of [...describeDesign(result), ...describeSearch(result), ...describeProperties(result)]) {
    output.paragraph(text);
  }
  for (const text of caveats(result)) output.printProse(`  ${output.ink.yellow(text)}`);
}

function verdictLine(result: CheckResult, { ink }: Output): string {
  const { design, checks, exploration } = result;
  const { verdict, stoppedBy, violation } = exploration;
  const fairly = checks === 'liveness' ? ' under fairness' : '';
  const id = ink.bold(design.id);
  if (verdict === 'violated')
    return `${id} ${ink.red(`VIOLATED: ${violation?.property ?? missed(exploration).join(', ')}`)}`;
  if (verdict === 'inconclusive' && stoppedBy === 'views') {
    return `${id} ${ink.yellow(`not proved for any number: ${exploration.anyNumber?.notProved.join(', ')}`)}`;
  }
  if (verdict === 'inconclusive') {
    return `${id} ${ink.yellow(`inconclusive${fairly}: ${stopReasonText(stoppedBy)}; the figures are partial`)}`;
  }
  return `${id} ${ink.green(`holds${fairly}`)}${survivalText(result, ink)}`;
}

/** Returns the verdict on a design as one word, of all its searches. */
export function verdictWord(results: readonly CheckResult[], { ink }: Output): string {
  const verdicts = results.map(({ exploration }) => exploration.verdict);
  if (verdicts.includes('violated')) return ink.red('VIOLATED');
  return verdicts.includes('inconclusive') ? ink.yellow('inconclusive') : ink.green('holds');
}

/** Describes a mutant that was not killed. */
function survivalText({ design, params, question }: CheckResult, ink: Output['ink']): string {
  if (
    !design.mutation ||
    (question && 'properties' in question && !question.properties.includes(design.mutation.breaks))
  )
    return '';
  return isBelowOwnParams(design, params)
    ? ink.yellow(': not killed at these params, which are below its own')
    : ink.red(': the mutant SURVIVED');
}

/** Describes why a search ended early. */
export function stopReasonText(by: StopReason | undefined): string {
  const reasons: Record<StopReason, string> = {
    'max-states': 'stopped by --max-states',
    'max-memory': 'stopped by --max-memory',
    disk: 'no disk space for the frontier',
    time: 'stopped by --time',
    interrupt: 'interrupted',
    runs: 'stopped by --runs',
    preemptions: 'bounded by --preemptions',
    bits: 'bitstate hashing may omit states',
    depth: 'bounded by --depth',
    views: 'views do not prove all of it',
  };
  return by ? reasons[by] : 'stopped';
}

/** Describes a design: its title or bug, its source, and the params of the search. */
export function describeDesign({ design, checks, params, isSecond, exploration }: CheckResult): string[] {
  const { anyNumber } = exploration;
  const isAny = anyNumber !== undefined && exploration.verdict !== 'violated';
  const text = paramsText(design, params).replace(
    isAny ? `${anyNumber.param}=${params[anyNumber.param]}` : '',
    isAny ? `any ${anyNumber.param} (${anyNumber.from} to ${anyNumber.to})` : '',
  );
  const at = text === '' ? [] : [`at ${text}`];
  if ((checks === 'liveness' && !design.mutation) || isSecond) return at;
  const title = design.mutation ? `bug: ${describeMutation(design)}` : design.title;
  return [title, ...(design.source ? [sourceText(design.source)] : []), ...at];
}

/** Formats a source: `Linux 3.5 and 3.6 (60c34612b707)`. */
function sourceText({ version, commit }: Source): string {
  return commit === undefined ? version : `${version} (${commit})`;
}

/** Describes the bug of a mutant: its fix, and the params and memory model that differ from those of its design. */
export function describeMutation(design: AnyDesign): string {
  const { mutation, memoryModel } = design;
  const params = nonDefaultParams(design).map(([name, value]) => `${name}=${value}`);
  return [
    mutation?.bug ?? '',
    ...(mutation?.fixedBy ? [`fixed by ${mutation.fixedBy}`] : []),
    ...(params.length > 0 ? [`shown at ${params.join(' ')}`] : []),
    ...(memoryModel === 'tso' ? ['checked under tso'] : []),
  ].join('; ');
}

function describeProperties({ checks, exploration, isSecond }: CheckResult): string[] {
  const { verdict, properties, covers, anyNumber } = exploration;
  if (verdict === 'violated') return [];
  const ids = properties.map(({ id }) => id).join(', ');
  if (verdict === 'inconclusive' && anyNumber) return describePartialProof(exploration);
  if (verdict === 'inconclusive') return [`not decided: ${ids}`];
  const hold = `${plural(properties.length, 'property', 'properties')} ${properties.length === 1 ? 'holds' : 'hold'}`;
  const exercised = describeUntaken(exploration);
  if (checks === 'liveness') return [`${hold} in every fair run: ${ids}`, ...exercised];
  return [`${hold}: ${ids}`, ...(covers.length > 0 && !isSecond ? [coversText(exploration)] : []), ...exercised];
}

/** Describes which properties a proof for any number decided, and which not. */
function describePartialProof({ properties }: Exploration): string[] {
  const idsThat = (wanted: 'holds' | 'inconclusive'): string =>
    properties.flatMap(({ id, verdict }) => (verdict === wanted ? [id] : [])).join(', ');
  const [proved, open] = [idsThat('holds'), idsThat('inconclusive')];
  return [...(proved === '' ? [] : [`proved for any number: ${proved}`]), `not decided: ${open}`];
}

/** Most transitions that are named. */
const maxNamed = 3;

/** Describes what a proof at these params says nothing of. */
function describeUntaken({ untaken = [] }: Exploration): string[] {
  if (untaken.length === 0) return [];
  const names = untaken.length > maxNamed ? '(--json lists them)' : untaken.map(transitionName).join('; ');
  return [
    `not exercised at these params: ${plural(untaken.length, 'transition')}${untaken.length > maxNamed ? ' ' : ': '}${names}`,
  ];
}

/** Describes what a verdict does not say, a line for each property. It is printed with `--quiet` too. */
function caveats(result: CheckResult): string[] {
  return [...missedCovers(result), ...limitsOfVerdict(result)];
}

/** Describes what a verdict does not say, with the covers that were not hit in one line. */
export function briefCaveats(result: CheckResult): string[] {
  const { checks, exploration, isSecond } = result;
  const ids = exploration.verdict === 'holds' && !isSecond ? missed(exploration) : [];
  const title = checks === 'liveness' ? 'NOT TRIGGERED' : 'NOT HIT';
  return [...(ids.length > 0 ? [`${title}: ${ids.join(', ')}`] : []), ...limitsOfVerdict(result)];
}

function limitsOfVerdict(result: CheckResult): string[] {
  const { design, checks, question, exploration, leftOut = [], sayNothing = [] } = result;
  const isProvenOfNothing =
    checks === 'safety' &&
    question === undefined &&
    exploration.verdict === 'holds' &&
    exploration.properties.every(({ id }) => id === wellFormed);
  return [
    ...(leftOut.length > 0 ? [`NOT DECIDED: ${leftOut.join(', ')}: this run checks safety only`] : []),
    ...(isProvenOfNothing
      ? [`NOTHING STATED: ${design.id} has no properties besides covers at these params: only well-formed was decided`]
      : []),
    ...sayNothing.map((id) => `SAYS NOTHING: ${id}: it reads nothing of the state, so it holds in any`),
  ];
}

/** Describes the covers that were not hit: they make a pass vacuous, so they are printed with `--quiet` too. */
function missedCovers({ design, checks, exploration, isSecond }: CheckResult): string[] {
  const isDecided = exploration.verdict === 'holds' || isMissedCover(exploration);
  if (!isDecided || isSecond) return [];
  const descriptions = descriptionsOf(design);
  return missed(exploration).map((id) =>
    checks === 'liveness'
      ? `NOT TRIGGERED: ${id}: its premise never arises, so it holds vacuously`
      : `NOT HIT: ${id}: no step or state covers "${descriptions.get(id)}", so the verdict may be vacuous`,
  );
}

/** Returns true if only a cover, which was asked for, is violated: there is no counterexample of it. */
const isMissedCover = ({ verdict, violation }: Exploration): boolean => verdict === 'violated' && !violation;

const missed = ({ covers }: Exploration): string[] => covers.filter(({ hit }) => !hit).map(({ id }) => id);

function descriptionsOf(design: AnyDesign): Map<string, string> {
  return new Map((design.properties as readonly Property[]).map(({ id, description }) => [id, description]));
}

/** Formats the params and the memory model of a run: `vcpus=2 pages=2 memory-model=tso`. */
export function paramsText(design: AnyDesign, params: Readonly<Record<string, number>>): string {
  const pairs = displayedParams(design, params).map(([name, value]) => `${name}=${value}`);
  return [...pairs, ...(design.memoryModel === 'tso' ? ['memory-model=tso'] : [])].join(' ');
}
