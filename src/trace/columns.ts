import picocolors from 'picocolors';
import type { Trace, TraceMove, TraceStep } from '../model/trace.ts';
import { bars, type ColumnLayout, header, layoutColumns, type PositionedText, setLine } from './column-layout.ts';
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
  repeatsOf,
  stemOf,
  summarizeAccesses,
} from './describe.ts';
import { type Line, lengthOf, mergeSpans, type Style, span, type Word, word, wrap } from './styled-text.ts';

/** Options of `columns`: the width in characters, and whether to color. */
export interface ColumnsOptions {
  readonly width?: number;
  readonly colour?: boolean;
}

const pageWidth = 100;
const narrowest = 60;
const widest = 150;

/**
 * Renders a trace as kernel developers write down a race: a column per actor, a line per move, and beside it its
 * accesses to memory. Text may cover the columns to its right, since one actor acts on a line.
 */
export function columns(trace: Trace, { width = pageWidth, colour = false }: ColumnsOptions = {}): string {
  const page = new Page(trace, Math.min(widest, Math.max(narrowest, width)));
  const paint = colour ? painter() : (text: string) => text;
  const text = (line: Line): string =>
    mergeSpans(line)
      .map((one) => paint(one.text, one.style))
      .join('')
      .trimEnd();
  return page.lines().map(text).join('\n');
}

class Page {
  private readonly participants: readonly number[];
  private readonly names: readonly string[];
  private readonly gutter: number;
  private readonly layout: ColumnLayout;

  constructor(
    private readonly trace: Trace,
    private readonly width: number,
  ) {
    this.participants = participantsOf(trace);
    this.names = this.participants.map((actor) => trace.actors[actor] as string);
    this.gutter = String(trace.steps.length).length + 3;
    this.layout = layoutColumns(this.names, this.gutter, width);
  }

  lines(): Line[] {
    const { trace } = this;
    return [
      ...wrap([word(trace.design, 'event'), word(paramsText(trace))], this.width, 2),
      [],
      ...header(this.names, this.layout),
      ...trace.steps.flatMap((step, n) => [...this.loopLine(n), ...this.stepLines(step, n + 1)]),
      ...this.endLines(),
    ];
  }

  /** Returns the line before the first step of the cycle. */
  private loopLine(stepsBefore: number): Line[] {
    const { trace, width } = this;
    if (!trace.cycle || stepsBefore !== stemOf(trace)) return [];
    const text = `--- from here on ${repeatsOf(trace)} for ever `;
    return [[span(text.padEnd(width, '-'), 'alarm')]];
  }

  private stepLines(step: TraceStep, number: number): Line[] {
    const { violation, reached, steps, cycle } = this.trace;
    const breaks = (violation ?? reached) !== undefined && cycle === undefined && number === steps.length;
    const label = span(`${breaks ? '>' : ''}${number}`.padStart(this.gutter - 2), breaks ? 'alarm' : 'plain');
    return step.moves.flatMap((move, n) => this.moveLines(step, move, n === 0 ? [{ at: 0, spans: [label] }] : []));
  }

  /** Returns the lines of a move: its text in its column, its accesses beside it or below. */
  private moveLines(step: TraceStep, move: TraceMove, label: PositionedText[]): Line[] {
    const { memoryAt, textEnd, width, columnAt: columnsAt } = this.layout;
    const at = columnsAt[this.participants.indexOf(move.actor)] as number;
    const memory = commas(summarizeAccesses(this.trace, move).map(accessWord));
    const text = wrap(this.moveWords(step, move), textEnd - at, 2);
    if (memoryAt === undefined) {
      const under = wrap(memory, width - at - 4).map((line) => [span('    '), ...line]);
      return [...text, ...under].map((line, n) => this.laneLine(at, line, n === 0 ? label : []));
    }
    const beside = wrap(memory, width - memoryAt);
    return Array.from({ length: Math.max(text.length, beside.length) }, (_, n) => {
      const pieces = beside[n] ? [{ at: memoryAt, spans: beside[n] }] : [];
      return this.laneLine(at, text[n] ?? [], [...(n === 0 ? label : []), ...pieces]);
    });
  }

  private laneLine(at: number, line: Line, pieces: PositionedText[]): Line {
    if (line.length === 0) return setLine([...bars(this.layout, Number.POSITIVE_INFINITY, 0), ...pieces]);
    return setLine([...bars(this.layout, at, at + lengthOf(line)), { at, spans: line }, ...pieces]);
  }

  private moveWords(step: TraceStep, move: TraceMove): Word[] {
    const event = eventOf(this.trace, step, move);
    const posts = postsOf(this.trace, move);
    const action = describeAction(move).split(' ');
    return [
      ...(event === '' ? [] : `${event}:`.split(' ').map((text) => word(text, 'event'))),
      ...(posts === '' ? action : [...action.slice(0, -1), `${action.at(-1)},`]).map((text) => word(text)),
      ...(posts === '' ? [] : posts.split(' ').map((text) => word(text))),
    ];
  }

  /** Returns the violated property, or the goal that is reached, and the last state. */
  private endLines(): Line[] {
    const { steps } = this.trace;
    const outcome = outcomeOf(this.trace);
    if (!outcome)
      return [[], [span(`no property is violated in ${steps.length} step${steps.length === 1 ? '' : 's'}`)]];
    const text = `${outcome.description}${outcome.detail ? ` (${outcome.detail})` : ''}`;
    const alarm = wrap(
      `${outcome.text}: ${text}`.split(' ').map((text) => word(text, 'alarm')),
      this.width - 4,
    );
    return [...alarm.map((line, n) => [span(n === 0 ? '>>> ' : '    ', 'alarm'), ...line]), ...this.stateLines()];
  }

  private stateLines(): Line[] {
    const { states, reads, cells } = endOf(this.trace);
    const places = this.participants.map((actor) => word(`${this.trace.actors[actor]} in ${states[actor]}`));
    const valuesOf = (named: typeof cells): Word[] => named.map(([name, value]) => word(`${name}=${value}`));
    const labelled = (label: string, words: Word[]): Line[] =>
      wrap(commas(words), this.width - 12).map((line, n) => [
        span((n === 0 ? `    ${label}` : '').padEnd(12)),
        ...line,
      ]);
    return [
      ...labelled('states', places),
      ...labelled('reads', valuesOf(reads)),
      ...labelled('memory', valuesOf(cells)),
    ];
  }
}

function commas(words: readonly Word[]): Word[] {
  return words.map((one, n) => (n < words.length - 1 ? [...one, span(',')] : one));
}

/** Returns the text of an access. Digits that changed have a style of their own. */
function accessWord(access: AccessSummary): Word {
  const { cell, before, after, buffered } = access;
  if (before === after || buffered) return word(describeAccess(access), access.read ? 'faint' : 'plain');
  const sameLength = before.length === after.length;
  const digits = [...after].map((digit, n) => span(digit, sameLength && digit === before[n] ? 'plain' : 'changed'));
  return [span(`${cell} ${before}->`), ...digits];
}

function painter(): (text: string, style: Style) => string {
  const { bold, cyan, dim, red, yellow } = picocolors.createColors(true);
  const styles: Record<Style, (text: string) => string> = {
    plain: (text) => text,
    faint: dim,
    event: cyan,
    changed: (text) => bold(yellow(text)),
    alarm: (text) => bold(red(text)),
  };
  return (text, style) => styles[style](text);
}
