import { type MedianInterval, median, medianInterval, spread } from '../statistics.ts';
import type { Figure, Sample } from './figures.ts';

/** The samples of one figure at two commits, in the order of the rounds; `failure` tells why there are none. */
export interface PairedSamples {
  readonly figure: Figure;
  readonly base: readonly Sample[];
  readonly head: readonly Sample[];
  readonly failure?: string;
}

/** One commit at one figure. */
export interface Side {
  /** median of the seconds of a unit of work */
  readonly seconds: number;
  /** half the range, as a fraction of the median */
  readonly spread: number;
}

/** The comparison of two commits at one figure. */
export interface FigureComparison {
  readonly figure: string;
  readonly unit: Figure['unit'];
  readonly failure?: string;
  readonly base?: Side;
  readonly head?: Side;
  /** median of head / base of the rounds, in seconds of a unit of work: above 1 is slower */
  readonly ratio?: number;
  readonly interval?: MedianInterval;
  readonly verdict: 'slower' | 'faster' | 'within noise' | 'not measured';
  /** the counts of both commits, if they differ */
  readonly otherWork?: { readonly base: string; readonly head: string };
}

/**
 * Compares two commits at one figure. The commits are measured in turns, so each round yields one ratio, from which
 * slow changes of the machine cancel out. The verdict is "within noise" if the confidence interval of the median ratio
 * contains 1.
 */
export function compareSamples({ figure, base, head, failure }: PairedSamples): FigureComparison {
  const { name, unit } = figure;
  const [firstBase, firstHead] = [base[0], head[0]];
  if (failure !== undefined || !firstBase || !firstHead)
    return { figure: name, unit, verdict: 'not measured', failure: failure ?? 'no sample' };
  const cost = ({ seconds, work }: Sample): number => seconds / work;
  const [baseCosts, headCosts] = [base.map(cost), head.map(cost)];
  const ratios = headCosts.map((seconds, round) => seconds / (baseCosts[round] as number));
  const interval = medianInterval(ratios);
  return {
    figure: name,
    unit,
    base: { seconds: median(baseCosts), spread: spread(baseCosts) },
    head: { seconds: median(headCosts), spread: spread(headCosts) },
    ratio: median(ratios),
    interval,
    verdict: interval.low > 1 ? 'slower' : interval.high < 1 ? 'faster' : 'within noise',
    ...(firstBase.counts !== firstHead.counts && { otherWork: { base: firstBase.counts, head: firstHead.counts } }),
  };
}
