import type { Trace, TraceMove, TraceStep } from '../model/trace.ts';
import {
  describeAccess,
  describeAction,
  endOf,
  eventOf,
  messageOf,
  outcomeOf,
  paramsText,
  participantsOf,
  postsOf,
  repeatsOf,
  stemOf,
  summarizeAccesses,
} from './describe.ts';

/** The limit of Mermaid's `maxTextSize`. */
const mostCharacters = 50_000;

/**
 * Renders a trace as a Mermaid sequence diagram: a solid arrow for a message that is taken within the sender's step, a
 * dashed one for the delivery of a posted message, and notes on what each actor did. A trace that is too long for
 * Mermaid loses notes from its beginning, and then steps.
 */
export function mermaid(trace: Trace): string {
  const head = [
    'sequenceDiagram',
    `  title ${quoted(trace.design)} ${paramsText(trace)}`,
    ...participantsOf(trace).map((actor) => `  participant ${idOf(actor)} as ${quoted(trace.actors[actor] as string)}`),
  ];
  const stem = stemOf(trace);
  const steps = trace.steps.map((step, n) => [
    ...(trace.cycle && n === stem ? [loopLine(trace)] : []),
    ...stepLines(trace, step, n + 1),
  ]);
  return shorten(head, steps, [...(trace.cycle ? ['  end'] : []), ...violationLines(trace)]);
}

interface DiagramLine {
  readonly text: string;
  readonly isNote: boolean;
  /** required by the syntax of the diagram */
  readonly isFrame?: boolean;
}

function loopLine(trace: Trace): DiagramLine {
  return { text: `  loop ${repeatsOf(trace)} for ever`, isNote: false, isFrame: true };
}

function stepLines(trace: Trace, step: TraceStep, number: number): DiagramLine[] {
  return step.moves.flatMap((move, n) => [
    ...arrow(move, n === 0),
    note(trace, step, move, n === 0 ? `${number}. ` : ''),
  ]);
}

function arrow(move: TraceMove, isChosen: boolean): DiagramLine[] {
  if (isChosen && move.from === move.actor) return [];
  const text = `  ${idOf(move.from)}${isChosen ? '-->>' : '->>'}${idOf(move.actor)}: ${quoted(messageOf(move))}`;
  return [{ text, isNote: false }];
}

function note(trace: Trace, step: TraceStep, move: TraceMove, label: string): DiagramLine {
  const event = move.from === move.actor ? eventOf(trace, step, move) : '';
  const did = [event, describeAction(move)].filter((text) => text !== '').join(': ');
  const lines = [`${label}${did}`, postsOf(trace, move), ...summarizeAccesses(trace, move).map(describeAccess)].filter(
    (text) => text !== '',
  );
  return { text: `  Note over ${idOf(move.actor)}: ${lines.map(quoted).join('<br/>')}`, isNote: true };
}

function violationLines(trace: Trace): string[] {
  const outcome = outcomeOf(trace);
  if (!outcome) return [];
  const end = endOf(trace);
  const participants = participantsOf(trace);
  const across = [...new Set([participants[0] as number, participants.at(-1) as number])].map(idOf).join(',');
  const lines = [
    outcome.text,
    outcome.description,
    outcome.detail ?? '',
    [...end.reads, ...end.cells].map(([name, value]) => `${name}=${value}`).join(', '),
  ].filter((text) => text !== '');
  return ['  rect rgb(255, 214, 214)', `  Note over ${across}: ${lines.map(quoted).join('<br/>')}`, '  end'];
}

/**
 * Drops the notes of the first steps, and then the steps, until the diagram fits Mermaid's limit. A comment says so.
 */
function shorten(head: readonly string[], steps: readonly (readonly DiagramLine[])[], tail: readonly string[]): string {
  const roomForComment = 100;
  const sizeOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length + 1, 0);
  const sizeOfAll = steps.map((lines) => sizeOf(lines.map(({ text }) => text)));
  const sizeOfArrows = steps.map((lines) => sizeOf(lines.filter(({ isNote }) => !isNote).map(({ text }) => text)));
  let size = sizeOf(head) + sizeOf(tail) + roomForComment + sizeOfAll.reduce((a, b) => a + b, 0);
  let bare = 0;
  for (; size > mostCharacters && bare < steps.length; bare++) {
    size -= (sizeOfAll[bare] as number) - (sizeOfArrows[bare] as number);
  }
  let gone = 0;
  for (; size > mostCharacters && gone < bare; gone++) size -= sizeOfArrows[gone] as number;
  const comments = [
    ...(gone > 0 ? [`  %% left out for length: steps 1 to ${gone}`] : []),
    ...(bare > gone ? [`  %% left out for length: notes of steps ${gone + 1} to ${bare}`] : []),
  ];
  const kept = steps.flatMap((lines, n) =>
    lines.filter(({ isNote, isFrame }) => isFrame || (n >= gone && (!isNote || n >= bare))),
  );
  return [...head, ...comments, ...kept.map(({ text }) => text), ...tail].join('\n');
}

const idOf = (actor: number): string => `a${actor}`;

/** Escapes the characters that are syntax in Mermaid. */
function quoted(text: string): string {
  return text.replace(/[#;<]/g, (character) => entities[character] as string);
}

const entities: Readonly<Record<string, string>> = { '#': '#35;', ';': '#59;', '<': '#lt;' };
