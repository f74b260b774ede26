import type { Outcome } from '../../app/check/verification-job.ts';
import {
  type AnyDesign,
  displayedParams,
  isBelowOwnParams,
  nonDefaultParams,
  type Source,
} from '../../model/design.ts';
import type { Property } from '../../model/property.ts';
import type {
  BitstateFigures,
  DporFigures,
  Exploration,
  SamplingFigures,
  StopReason,
} from '../../search/exploration.ts';
import { showBytes, showCount, showProbability, showRate, showSeconds } from '../options/units.ts';
import type { Output } from './console-output.ts';

/** What people read about one design: a line with the verdict, then what it rests on. */
export function reportOutcome(outcome: Outcome, output: Output): void {
  output.gap();
  output.print(verdictLine(outcome, output));
  for (const text of [...aboutDesign(outcome), ...aboutSearch(outcome), ...aboutProperties(outcome)]) {
    output.paragraph(text);
  }
  for (const text of missedCovers(outcome)) output.print(`  ${output.ink.yellow(text)}`);
}

function verdictLine({ design, checks, params, exploration }: Outcome, { ink }: Output): string {
  const { verdict, stoppedBy, violation } = exploration;
  const fairly = checks === 'liveness' ? ' under fairness' : '';
  if (verdict === 'holds') {
    const survival = !design.mutation
      ? ''
      : isBelowOwnParams(design, params)
        ? ink.yellow(': not caught at these sizes, which are below its own')
        : ink.red(': the mutant SURVIVED');
    return `${ink.bold(design.id)} ${ink.green(`holds${fairly}`)}${survival}`;
  }
  if (verdict === 'violated') return `${ink.bold(design.id)} ${ink.red(`VIOLATED: ${violation?.property}`)}`;
  return `${ink.bold(design.id)} ${ink.yellow(`inconclusive${fairly}: ${stopReasonText(stoppedBy)}; what is told here is partial`)}`;
}

/** Why a search ended early. */
export function stopReasonText(by: StopReason | undefined): string {
  const reasons: Record<StopReason, string> = {
    'max-states': 'stopped by --max-states',
    'max-memory': 'stopped by --max-memory',
    disk: 'the disk has no room for the frontier',
    time: 'stopped by --time',
    interrupt: 'interrupted',
    runs: 'stopped by --runs',
    preemptions: 'stopped by --preemptions',
    bits: 'some states may have been taken for others',
    depth: 'stopped by --depth',
  };
  return by ? reasons[by] : 'stopped';
}

function aboutDesign({ design, checks, params }: Outcome): string[] {
  const text = paramsText(design, params);
  if (checks === 'liveness' && !design.mutation) return [`at ${text}`];
  const bug = design.mutation ? [`puts back: ${describeMutation(design)}`] : [design.title];
  return [...bug, ...(design.source ? [sourceOf(design.source)] : []), ...(text === '' ? [] : [`at ${text}`])];
}

/** `Linux 3.5 and 3.6 (60c34612b707)` */
function sourceOf({ version, commit }: Source): string {
  return commit === undefined ? version : `${version} (${commit})`;
}

/** What a mutant puts back, with the fix, and what it takes to show it where that is not what every system has: other sizes, store buffers. */
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

function aboutSearch(outcome: Outcome): string[] {
  const { checks, exploration, seconds } = outcome;
  if (exploration.swarm) return aboutSwarm(outcome, exploration.swarm);
  if (exploration.bitstate) return aboutBitstate(outcome, exploration.bitstate);
  if (exploration.dpor) return aboutDpor(outcome, exploration.dpor);
  if (exploration.sampled) return aboutSample(outcome, exploration.sampled);
  const { states, transitions, depth, collisionProbability, tableBytes, frontierBytes, verdict } = exploration;
  const waiting = frontierBytes === undefined ? '' : `, states that wait ${showBytes(frontierBytes)}`;
  const rate = showRate(transitions / Math.max(seconds, 1e-6));
  return [
    ...(exploration.preemptions === undefined
      ? []
      : [`schedules with at most ${exploration.preemptions} preemption${exploration.preemptions === 1 ? '' : 's'}`]),
    ...(exploration.reductions?.length ? [`reduced by ${exploration.reductions.join(', ')}`] : []),
    `${showCount(states)} states, ${showCount(transitions)} transitions, depth ${depth}, ${showSeconds(seconds)} (${rate} transitions/s)`,
    `collision probability ${showProbability(collisionProbability)}, tables ${showBytes(tableBytes)}${waiting}`,
    ...(verdict === 'inconclusive' && checks === 'safety' ? aboutTheRest(exploration) : []),
  ];
}

/** What a search that was stopped has covered, and what not. All levels but the last are whole. */
function aboutTheRest({ depth, frontier, statesLeft, covers, stoppedBy }: Exploration): string[] {
  const hits = covers.filter(({ hit }) => hit).length;
  const left = statesLeft === undefined ? '' : `, and an estimated ${showCount(statesLeft)} not found yet`;
  if (stoppedBy === 'preemptions') return [`nothing breaks within that; ${hits} of ${covers.length} covers hit`];
  return [
    `nothing breaks within ${depth - 1} steps; ${hits} of ${covers.length} covers hit; ${showCount(frontier)} states not expanded${left}`,
  ];
}

function aboutSample({ exploration, seconds }: Outcome, sampled: SamplingFigures): string[] {
  const { states, transitions, verdict, violation } = exploration;
  const { strategy, seed, runs, depth, stepsFound = 0, bound } = sampled;
  const rate = showRate(transitions / Math.max(seconds, 1e-6));
  return [
    `${strategy}, seed ${seed}: ${showCount(runs)} schedules of at most ${showCount(depth)} steps, about ${showCount(states)} states, ${showSeconds(seconds)} (${rate} transitions/s)`,
    ...(bound
      ? [
          `PCT: each schedule finds a bug of depth ${bound.bugDepth} with a probability of at least 1/(${bound.actors}*${bound.steps}^${bound.bugDepth - 1}) = ${showProbability(bound.probability)}`,
        ]
      : []),
    ...(verdict === 'violated'
      ? [`schedule ${showCount(runs)} broke it in ${stepsFound} steps; shrunk to ${violation?.schedule.length}`]
      : []),
  ];
}

function aboutBitstate({ exploration, seconds }: Outcome, figures: BitstateFigures): string[] {
  const { states, transitions, depth, covers, verdict, violation } = exploration;
  const rate = showRate(transitions / Math.max(seconds, 1e-6));
  const hits = covers.filter(({ hit }) => hit).length;
  return [
    `bitstate, seed ${figures.seed}: ${bitsText(figures)}`,
    `${showCount(states)} states, ${showCount(transitions)} transitions, depth ${showCount(depth)}, ${showSeconds(seconds)} (${rate} transitions/s); ${hits} of ${covers.length} covers hit`,
    leftOutText(states, figures),
    ...(verdict === 'violated' ? [shrunkText(figures.stepsFound, violation)] : []),
  ];
}

function aboutDpor({ exploration, seconds }: Outcome, figures: DporFigures): string[] {
  const { states, transitions, covers, verdict, violation } = exploration;
  const { depth, executions, blocked, depthBoundReached, stepsFound } = figures;
  const rate = showRate(transitions / Math.max(seconds, 1e-6));
  const hits = covers.filter(({ hit }) => hit).length;
  return [
    `dpor, at most ${showCount(depth)} steps of each actor: ${showCount(executions)} executions, one of each trace, and ${showCount(blocked)} given up${depthBoundReached ? '' : '; no actor could have gone on'}`,
    `about ${showCount(states)} states, ${showCount(transitions)} transitions, ${showSeconds(seconds)} (${rate} transitions/s); ${hits} of ${covers.length} covers hit`,
    ...(verdict === 'violated' ? [shrunkText(stepsFound, violation)] : []),
  ];
}

function aboutSwarm({ exploration, seconds }: Outcome, members: NonNullable<Exploration['swarm']>): string[] {
  const { states, transitions, covers, verdict, violation } = exploration;
  const rate = showRate(transitions / Math.max(seconds, 1e-6));
  const hits = covers.filter(({ hit }) => hit).length;
  const [first] = members;
  return [
    ...(first ? [`swarm of ${members.length}, ${bitsText(first)}`] : []),
    `about ${showCount(states)} states together, ${showCount(transitions)} transitions, ${showSeconds(seconds)} (${rate} transitions/s); ${hits} of ${covers.length} covers hit`,
    ...members.map(
      (member) => `seed ${member.seed}: ${showCount(member.states)} states; ${leftOutText(member.states, member)}`,
    ),
    ...(verdict === 'violated' ? [shrunkText(members.at(-1)?.stepsFound, violation)] : []),
  ];
}

const bitsText = ({ bits, hashesPerState, depth }: BitstateFigures): string =>
  `${hashesPerState} bits a state of ${showBytes(bits / 8)}, schedules of at most ${showCount(depth)} steps`;

/** The estimate of SPIN's bitstate mode, by another way; it knows nothing of states that only omitted ones lead to. */
function leftOutText(states: number, { expectedOmissions, depthBoundReached }: BitstateFigures): string {
  const coverage = (100 * states) / (states + expectedOmissions);
  const share = coverage > 99.99 ? 'over 99.99' : `about ${coverage.toFixed(2)}`;
  const cut = depthBoundReached ? '; some schedules were cut at --depth' : '';
  return `coverage of what was met ${share} %: an estimated ${showCount(expectedOmissions)} states were taken for others${cut}`;
}

const shrunkText = (steps = 0, violation: Exploration['violation']): string =>
  `broken in ${showCount(steps)} steps; shrunk to ${violation?.schedule.length}`;

function aboutProperties({ checks, exploration }: Outcome): string[] {
  const { verdict, properties, covers } = exploration;
  if (verdict === 'violated') return [];
  const ids = properties.map(({ id }) => id).join(', ');
  if (verdict === 'inconclusive') return [`not decided: ${ids}`];
  if (checks === 'liveness') return [`${properties.length} properties hold in every fair run: ${ids}`];
  const hits = covers.filter(({ hit }) => hit).length;
  return [
    `${properties.length} properties hold: ${ids}`,
    ...(covers.length > 0 ? [`${hits} of ${covers.length} covers hit`] : []),
  ];
}

/** A cover that was not hit makes a pass say less than it seems to; so it is said loudly. */
function missedCovers({ design, checks, exploration: { covers, verdict } }: Outcome): string[] {
  if (verdict !== 'holds') return [];
  return covers
    .filter(({ hit }) => !hit)
    .map(({ id }) =>
      checks === 'liveness'
        ? `NEVER ASKED FOR: ${id}: nothing led to it; the pass is vacuous there`
        : `NOT HIT: ${id}: it never happened that ${sayingsOf(design).get(id)}; the pass is vacuous there`,
    );
}

function sayingsOf(design: AnyDesign): Map<string, string> {
  return new Map((design.properties as readonly Property[]).map(({ id, description }) => [id, description]));
}

/** The sizes of a run in one line. */
export function paramsText(design: AnyDesign, params: Readonly<Record<string, number>>): string {
  const pairs = displayedParams(design, params).map(([name, value]) => `${name}=${value}`);
  return [...pairs, ...(design.memoryModel === 'tso' ? ['memory-model=tso'] : [])].join(' ');
}
