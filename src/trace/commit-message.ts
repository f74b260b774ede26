import type { Trace, TraceMove, TraceStep } from '../model/trace.ts';
import {
  type AccessSummary,
  describeAccess,
  describeAction,
  endOf,
  eventOf,
  outcomeOf,
  paramsText,
  participantsOf,
  postsOf,
  readsOf,
  repeatsOf,
  stemOf,
  summarizeAccesses,
} from './describe.ts';
import { word, wrap } from './styled-text.ts';
import { type Thread, threadOfStep, threadsOf } from './threads.ts';

/** The width of a commit message, in columns. */
const pageWidth = 72;
const margin = 2;
const gap = 2;
/** Text of a column may cover the columns to its right where these are narrower. */
const leastText = 32;

/**
 * Renders a trace for a commit message: a column for each thread, a step in its column, at most 72 columns wide. Locks
 * and other servers have no column: what they do is part of the step of their caller. Of memory it shows what the
 * violated property reads, where that changes.
 */
export function commitMessage(trace: Trace): string {
  const threads = threadsOf(trace);
  const columnWidth = Math.floor((pageWidth - margin) / Math.max(1, threads.length));
  const at = (thread: number): number => margin + thread * columnWidth;
  const room = (thread: number): number => Math.min(pageWidth - at(thread), Math.max(leastText, columnWidth - gap));
  const steps = trace.steps.flatMap((step, n) => {
    const thread = threadOfStep(step, threads);
    const lines = fill(
      describeStep(trace, step, threads[thread] ?? { name: '', actors: [step.actor] }, threads),
      room(thread),
    );
    return [...loopLine(trace, n), ...lines.map((line) => ' '.repeat(at(thread)) + line)];
  });
  return [...titles(threads, columnWidth), ...steps, '', ...conclusion(trace)].map((line) => line.trimEnd()).join('\n');
}

function titles(threads: readonly Thread[], width: number): string[] {
  const names = threads.map(({ name }, n) => shortened(`CPU${n}: ${name}`, width - gap));
  const line = (texts: readonly string[]): string =>
    ' '.repeat(margin) + texts.map((text) => text.padEnd(width)).join('');
  return [line(names), line(names.map((name) => '='.repeat(name.length)))];
}

const shortened = (name: string, width: number): string =>
  name.length <= width ? name : `${name.slice(0, Math.max(1, width - 1))}~`;

/**
 * Describes a step: what the actors of the thread do, in brackets what they set off in others, and what changes of the
 * memory that matters.
 */
function describeStep(trace: Trace, step: TraceStep, thread: Thread, threads: readonly Thread[]): string {
  const isOwn = ({ actor }: TraceMove): boolean => thread.actors.includes(actor);
  const [first, ...more] = step.moves;
  const own = more.filter((move) => isOwn(move) && move.actions.length > 0);
  const others = more.filter((move) => !isOwn(move)).map((move) => describeOther(trace, move, threads));
  const changes = step.moves.flatMap((move) => summarizeAccesses(trace, move).filter((one) => isRelevant(trace, one)));
  return [
    first ? describeFirst(trace, step, first) : '',
    ...own.map(describeAction),
    others.length > 0 ? `(${others.join(', ')})` : '',
    ...step.moves.map((move) => postsOf(trace, move)),
    changes.length > 0 ? `[${changes.map(describeAccess).join(', ')}]` : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function describeFirst(trace: Trace, step: TraceStep, move: TraceMove): string {
  return [eventOf(trace, step, move), describeAction(move)].filter((text) => text !== '').join(': ');
}

/** Describes what an actor does in a step of another one: a server its actions, a thread with its name. */
function describeOther(trace: Trace, move: TraceMove, threads: readonly Thread[]): string {
  const isServer = threads.every(({ actors }) => !actors.includes(move.actor));
  return isServer ? describeAction(move) : `${trace.actors[move.actor]}: ${describeAction(move)}`;
}

function isRelevant(trace: Trace, { path, before, after, buffered }: AccessSummary): boolean {
  return buffered || (before !== after && readsOf(trace).includes(path));
}

/** Returns the line before the first step of the cycle. */
function loopLine(trace: Trace, stepsBefore: number): string[] {
  if (!trace.cycle || stepsBefore !== stemOf(trace)) return [];
  return [`${' '.repeat(margin)}--- ${repeatsOf(trace)} for ever ---`];
}

function conclusion(trace: Trace): string[] {
  const outcome = outcomeOf(trace);
  const model = `(precopy: ${[trace.design, paramsText(trace)].filter((text) => text !== '').join(', ')})`;
  if (!outcome) return fill(`No property is violated. ${model}`, pageWidth);
  const detail = outcome.detail === undefined ? '' : ` (${outcome.detail})`;
  const end = endOf(trace);
  const places = participantsOf(trace).map((actor) => `${trace.actors[actor]} is in ${end.states[actor]}`);
  const reads = end.reads.map(([name, value]) => `${name}=${value}`);
  return [
    ...fill(`${outcome.text}: ${outcome.description}${detail}.`, pageWidth),
    ...fill(`Then ${places.join(', ')}.`, pageWidth),
    ...(reads.length > 0 ? fill(`The property reads ${reads.join(', ')}.`, pageWidth) : []),
    '',
    ...fill(model, pageWidth),
  ];
}

/** Breaks a text into lines. A word that is longer than a line is broken, too. */
const fill = (text: string, width: number): string[] =>
  wrap(
    text.split(' ').map((one) => word(one)),
    width,
    2,
  ).map((line) => line.map((span) => span.text).join(''));
