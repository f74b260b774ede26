import type { CheckResult } from '../../app/check/verification-job.ts';
import type { AnyDesign } from '../../model/design.ts';
import { showCount, showProbability, showSeconds } from '../options/units.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { Sizes } from './sizes.ts';

/** A check as a whole. */
interface WholeCheck {
  /** the design of each search, also of those without a result */
  readonly designs: readonly AnyDesign[];
  readonly seconds: number;
}

/** Prints what the checks of several designs proved, at which params, and what they left open. */
export function reportSummary(results: readonly CheckResult[], { designs, seconds }: WholeCheck, output: Output): void {
  reportVerdicts(results, designs, output);
  const sizes = new Sizes(results);
  for (const [checks, name] of kinds) {
    const held = results.filter((one) => one.checks === checks && one.exploration.verdict === 'holds');
    if (held.length === 0) continue;
    output.paragraph(`${name} ${sizesText(held, sizes)}`);
    const properties = held
      .filter(({ isSecond }) => !isSecond)
      .flatMap(({ exploration }) => exploration.properties.map(({ id }) => id));
    output.paragraph(`properties, each with the number of designs: ${countsText(properties)}`, 4);
  }
  for (const line of openEnds(results)) output.paragraph(line);
  const sum = (of: (result: CheckResult) => number): number => results.reduce((total, one) => total + of(one), 0);
  const states = sum(({ exploration }) => exploration.states);
  const transitions = sum(({ exploration }) => exploration.transitions);
  const worst = Math.max(...results.map(({ exploration }) => exploration.collisionProbability));
  output.paragraph(
    `${plural(states, 'state')}, ${plural(transitions, 'transition')}, ${showSeconds(seconds)}; ` +
      `collision probability of a search at most ${showProbability(worst)}`,
  );
}

/** Prints how many designs hold in all their searches, and how many of the mutants among them are killed. */
function reportVerdicts(results: readonly CheckResult[], searches: readonly AnyDesign[], output: Output): void {
  const { ink } = output;
  const line = (all: ReadonlySet<AnyDesign>, noun: string, verb: string, isDone: (design: AnyDesign) => boolean) => {
    const done = [...all].filter(isDone).length;
    const text = `${done} of ${plural(all.size, noun)} ${verb}`;
    if (all.size > 0) output.printDetail(done === all.size ? ink.green(text) : ink.red(text));
  };
  const verdictsOn = (design: AnyDesign): string[] =>
    results.filter((one) => one.design === design).map(({ exploration }) => exploration.verdict);
  const designs = new Set(searches.filter(({ mutation }) => !mutation));
  const mutants = new Set(searches.filter(({ mutation }) => mutation));
  line(designs, 'design', designs.size === 1 ? 'holds' : 'hold', (design) => {
    const proved = verdictsOn(design).filter((verdict) => verdict === 'holds');
    return proved.length === searches.filter((one) => one === design).length;
  });
  line(mutants, 'mutant', 'killed', (design) => verdictsOn(design).includes('violated'));
}

const kinds = [
  ['safety', 'safety, in every interleaving'],
  ['liveness', 'liveness, in every fair run'],
] as const;

/** Describes what proofs say nothing of: covers that were not hit, and transitions that no step took. */
function openEnds(results: readonly CheckResult[]): string[] {
  const held = results.filter(({ exploration, isSecond }) => exploration.verdict === 'holds' && !isSecond);
  const covers = held.filter(({ checks }) => checks === 'safety').flatMap(({ exploration }) => exploration.covers);
  const hits = covers.filter(({ hit }) => hit).length;
  const untaken = held.filter(({ checks }) => checks === 'safety').map(({ exploration }) => exploration.untaken ?? []);
  const count = untaken.reduce((sum, { length }) => sum + length, 0);
  return [
    ...(covers.length > 0 ? [`${showCount(hits)} of ${plural(covers.length, 'cover')} hit`] : []),
    ...(count > 0
      ? [`not exercised at these params: ${plural(count, 'transition')} of the machines (--json lists them)`]
      : []),
  ];
}

/** Formats the params of searches: `at vcpus/pages = 2/2 (21), 1/2 (4)`; those of second ones follow. */
function sizesText(results: readonly CheckResult[], sizes: Sizes): string {
  const textsOf = (isSecond: boolean): string[] =>
    results
      .filter((one) => (one.isSecond === true) === isSecond)
      .map((one) => sizes.textOf(one))
      .filter((text) => text !== '');
  const [first, second] = [textsOf(false), textsOf(true)];
  if (first.length === 0) return '';
  const names = sizes.names === '' ? '' : `${sizes.names} = `;
  return `at ${names}${countsText(first)}${second.length > 0 ? `; also at ${countsText(second)}` : ''}`;
}

/** Counts equal texts, the most frequent first: `2/2 (21), 1/2 (4)`. */
function countsText(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([text, count]) => `${text} (${count})`)
    .join(', ');
}
