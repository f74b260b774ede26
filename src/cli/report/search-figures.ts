import type { CheckResult } from '../../app/check/verification-job.ts';
import type { BitstateFigures, DporFigures, Exploration, SamplingFigures } from '../../search/exploration.ts';
import { showBytes, showCount, showProbability, showRate, showSeconds } from '../options/units.ts';
import { describeAnyNumber } from './any-number-figures.ts';
import { coversText } from './covers-text.ts';
import { plural } from './plural.ts';
import { describeSymbolic } from './symbolic-figures.ts';

/** Describes a search, a line each: what it visited, and what its verdict rests on. */
export function describeSearch(result: CheckResult): string[] {
  const { swarm, bitstate, dpor, sampled, symbolic, anyNumber } = result.exploration;
  if (swarm) return describeSwarm(result, swarm);
  if (bitstate) return describeBitstate(result, bitstate);
  if (dpor) return describeDpor(result, dpor);
  if (anyNumber) return describeAnyNumber(result, anyNumber);
  if (symbolic) return describeSymbolic(result, symbolic);
  return sampled ? describeSampling(result, sampled) : describeExhaustive(result);
}

const statesText = (count: number): string => plural(count, 'state');
const transitionsText = (count: number): string => plural(count, 'transition');
const stepsText = (count: number): string => plural(count, 'step');

/** Formats the time of a search and its rate: `2.00 s (1.5M transitions/s)`. */
function timeText({ exploration, seconds }: CheckResult): string {
  return `${showSeconds(seconds)} (${showRate(exploration.transitions / Math.max(seconds, 1e-6))} transitions/s)`;
}

function describeExhaustive(result: CheckResult): string[] {
  const { checks, exploration } = result;
  const { states, transitions, depth = 0, collisionProbability, tableBytes, frontierBytes, verdict } = exploration;
  const { preemptions, reductions = [] } = exploration;
  const frontier = frontierBytes === undefined ? '' : `, frontier ${showBytes(frontierBytes)}`;
  return [
    ...(preemptions === undefined ? [] : [`schedules with at most ${plural(preemptions, 'preemption')}`]),
    ...(reductions.length > 0 ? [`reduced by ${reductions.join(', ')}`] : []),
    `${statesText(states)}, ${transitionsText(transitions)}, depth ${depth}, ${timeText(result)}`,
    `collision probability ${showProbability(collisionProbability)}, tables ${showBytes(tableBytes)}${frontier}`,
    ...(verdict === 'inconclusive' && checks === 'safety' ? [describePartial(exploration)] : []),
  ];
}

/** Describes what a search that was stopped has covered. All its levels but the last are complete. */
function describePartial(exploration: Exploration): string {
  const { depth = 0, frontier, statesLeft, stoppedBy } = exploration;
  if (stoppedBy === 'preemptions') return `no violation within this bound; ${coversText(exploration)}`;
  const left = statesLeft === undefined ? '' : `, and an estimated ${showCount(statesLeft)} unvisited`;
  const within = `no violation within ${stepsText(depth - 1)}`;
  return `${within}; ${coversText(exploration)}; ${statesText(frontier)} not expanded${left}`;
}

function describeSampling(result: CheckResult, sampled: SamplingFigures): string[] {
  const { states, verdict, violation } = result.exploration;
  const { strategy, seed, runs, depth, stepsFound = 0, bound } = sampled;
  const schedules = `${plural(runs, 'schedule')} of at most ${stepsText(depth)}`;
  return [
    `${strategy}, seed ${seed}: ${schedules}, about ${statesText(states)}, ${timeText(result)}`,
    ...(bound ? [detectionText(bound)] : []),
    ...(verdict === 'violated'
      ? [`violated by schedule ${showCount(runs)}, in ${stepsText(stepsFound)}; ${shrunkText(violation)}`]
      : []),
  ];
}

function detectionText({ bugDepth, actors, steps, probability }: NonNullable<SamplingFigures['bound']>): string {
  const formula = `1/(${actors}*${steps}^${bugDepth - 1}) = ${showProbability(probability)}`;
  return `PCT: each schedule finds a bug of depth ${bugDepth} with a probability of at least ${formula}`;
}

function describeBitstate(result: CheckResult, figures: BitstateFigures): string[] {
  const { exploration } = result;
  const { states, transitions, depth = 0 } = exploration;
  const visited = `${statesText(states)}, ${transitionsText(transitions)}, depth ${showCount(depth)}`;
  return [
    `bitstate, seed ${figures.seed}: ${bitArrayText(figures)}`,
    `${visited}, ${timeText(result)}; ${coversText(exploration)}`,
    omissionsText(states, figures),
    ...violationText(exploration, figures.stepsFound),
  ];
}

function describeDpor(result: CheckResult, figures: DporFigures): string[] {
  const { exploration } = result;
  const { states, transitions } = exploration;
  const { depth, executions, blocked, depthBoundReached, stepsFound } = figures;
  const bound = depthBoundReached ? '' : '; the bound disabled no step';
  const explored = `${plural(executions, 'execution')}, one of each trace, and ${showCount(blocked)} blocked`;
  return [
    `dpor, at most ${stepsText(depth)} of each actor: ${explored}${bound}`,
    `about ${statesText(states)}, ${transitionsText(transitions)}, ${timeText(result)}; ${coversText(exploration)}`,
    ...violationText(exploration, stepsFound),
  ];
}

function describeSwarm(result: CheckResult, members: NonNullable<Exploration['swarm']>): string[] {
  const { exploration } = result;
  const { states, transitions } = exploration;
  const [first] = members;
  const union = `about ${statesText(states)} in all, ${transitionsText(transitions)}`;
  return [
    ...(first ? [`swarm of ${members.length}, ${bitArrayText(first)}`] : []),
    `${union}, ${timeText(result)}; ${coversText(exploration)}`,
    ...members.map(
      (member) => `seed ${member.seed}: ${statesText(member.states)}; ${omissionsText(member.states, member)}`,
    ),
    ...violationText(exploration, members.at(-1)?.stepsFound),
  ];
}

const bitArrayText = ({ bits, hashesPerState, depth }: BitstateFigures): string =>
  `${plural(hashesPerState, 'bit')} a state of ${showBytes(bits / 8)}, schedules of at most ${stepsText(depth)}`;

/** Formats the estimated coverage. It counts no states that are reachable only through omitted ones. */
function omissionsText(states: number, { expectedOmissions, depthBoundReached }: BitstateFigures): string {
  const coverage = (100 * states) / (states + expectedOmissions);
  const share = coverage > 99.99 ? 'over 99.99' : `about ${coverage.toFixed(2)}`;
  const cut = depthBoundReached ? '; --depth cut off some schedules' : '';
  return `coverage of the states met ${share} %: an estimated ${statesText(Math.round(expectedOmissions))} omitted${cut}`;
}

const violationText = ({ verdict, violation }: Exploration, stepsFound = 0): string[] =>
  verdict === 'violated' ? [`violated in ${stepsText(stepsFound)}; ${shrunkText(violation)}`] : [];

const shrunkText = (violation: Exploration['violation']): string => `shrunk to ${violation?.schedule.length}`;
