import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import type { Trace } from '../model/trace.ts';
import type { SearchResult } from './decide.ts';
import { formatCounterexample } from './format-counterexample.ts';

/** What a search says of the properties that a matcher names. */
export interface Finding {
  /**
   * `holds`: each of them does, and none vacuously. `refuted`: one of them is violated, or, of covers alone, one is
   * never hit. `undecided`: neither, so the matcher fails with `not` too.
   */
  readonly outcome: 'holds' | 'refuted' | 'undecided';
  readonly text: string;
}

/** Returns the result of a matcher for vitest, which inverts `pass` if the matcher is negated. */
export const matcherResult = ({ outcome, text }: Finding, isNot: boolean) => ({
  pass: isNot ? outcome !== 'refuted' : outcome === 'holds',
  message: () => text,
});

/** Summarizes the searches of `decide`. */
export function summarize(design: AnyDesign, results: readonly SearchResult[]): Finding {
  const { id } = design;
  for (const { checks, isSecond, exploration, sayNothing, trace } of results) {
    const { verdict, states, stoppedBy, covers } = exploration;
    if (trace) return violation(design, trace);
    if (verdict === 'inconclusive') {
      return { outcome: 'undecided', text: `${id} is inconclusive: stopped by ${stoppedBy} after ${states} states` };
    }
    if (sayNothing.length > 0) {
      const text = `${id} satisfies ${sayNothing.join(', ')} vacuously: it reads nothing of the state`;
      return { outcome: 'undecided', text };
    }
    const missed = covers.filter(({ hit }) => !hit).map((cover) => cover.id);
    if (missed.length === 0 || isSecond) continue;
    const names = missed.join(', ');
    if (checks === 'liveness') {
      return { outcome: 'undecided', text: `${id} satisfies ${names} vacuously: the premise never arises` };
    }
    const onlyCovers = (design.properties as readonly Property[]).every(({ kind }) => kind === 'cover');
    return { outcome: onlyCovers ? 'refuted' : 'undecided', text: `${id} never hits ${names} (${states} states)` };
  }
  const states = Math.max(...results.map(({ exploration }) => exploration.states));
  return { outcome: 'holds', text: `${id} holds in all of its ${states} states` };
}

/** Returns the finding of a counterexample. Only a violation of a property that is named refutes it. */
export function violation({ id, properties }: AnyDesign, trace: Trace): Finding {
  const violated = trace.violation?.property;
  const isNamed = (properties as readonly Property[]).some((property) => property.id === violated);
  const beside = isNamed ? '' : ', which is none of the properties named';
  return {
    outcome: isNamed ? 'refuted' : 'undecided',
    text: `${id} violates ${violated}${beside}:\n\n${formatCounterexample(trace)}`,
  };
}
