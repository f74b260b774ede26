import picocolors from 'picocolors';
import type { Trace, TraceMove, TraceStep } from '../model/trace.ts';
import { bars, type ColumnLayout, header, layoutColumns, type PositionedText, setLine } from './column-layout.ts';
import {
  type AccessSummary,
  describeAccess,
  describeAction,
  describeViolationSite,
  endOf,
  eventOf,
  paramsText,
  participantsOf,
  postsOf,
  repeatsOf,
  stemOf,
  summarizeAccesses,
} from './describe.ts';
import { joined, type Line, lengthOf, part, type Style, type Word, word, wrap } from './styled-text.ts';

/** How wide a page is, and whether it is in colour. */
export interface ColumnsOptions {
  readonly width?: number;
  readonly colour?: boolean;
}

const pageWidth = 100;
const narrowest = 60;
const widest = 150;

/**
 * A trace as kernel people write down a race: a column for each actor, a line for each thing that one does, and beside it what that did
 * to memory. Text runs on over the columns to its right, where nobody acts on that line.
 */
export function columns(trace: Trace, { width = pageWidth, colour = false }: ColumnsOptions = {}): string {
  const page = new Page(trace, Math.min(widest, Math.max(narrowest, width)));
  const paint = colour ? inColour() : (text: string) => text;
  const text = (line: Line): string =>
    joined(line)
      .map((one) => paint(one.text, one.ink))
      .join('')
      .trimEnd();
  return page.lines().map(text).join('\n');
}

class Page {
  private readonly participants: readonly number[];
  private readonly names: readonly string[];
  private readonly gutter: number;
  private readonly lanes: ColumnLayout;

  constructor(
    private readonly trace: Trace,
    private readonly width: number,
  ) {
    this.participants = participantsOf(trace);
    this.names = this.participants.map((actor) => trace.actors[actor] as string);
    this.gutter = String(trace.steps.length).length + 3;
    this.lanes = layoutColumns(this.names, this.gutter, width);
  }

  lines(): Line[] {
    const { trace } = this;
    return [
      ...wrap([word(trace.design, 'event'), word(paramsText(trace))], this.width, 2),
      [],
      ...header(this.names, this.lanes),
      ...trace.steps.flatMap((step, n) => [...this.loopLine(n), ...this.stepLines(step, n + 1)]),
      ...this.endLines(),
    ];
  }

  /** Says before its first step what is repeated for ever. */
  private loopLine(stepsBefore: number): Line[] {
    const { trace, width } = this;
    if (!trace.cycle || stepsBefore !== stemOf(trace)) return [];
    const text = `--- from here on ${repeatsOf(trace)} for ever `;
    return [[part(text.padEnd(width, '-'), 'alarm')]];
  }

  private stepLines(step: TraceStep, number: number): Line[] {
    const { violation, steps, cycle } = this.trace;
    const breaks = violation !== undefined && cycle === undefined && number === steps.length;
    const label = part(`${breaks ? '>' : ''}${number}`.padStart(this.gutter - 2), breaks ? 'alarm' : 'plain');
    return step.moves.flatMap((move, n) => this.moveLines(step, move, n === 0 ? [{ at: 0, parts: [label] }] : []));
  }

  /** One move: its text from its lane on, memory beside it or under it. */
  private moveLines(step: TraceStep, move: TraceMove, label: PositionedText[]): Line[] {
    const { memoryAt, textEnd, width, at: lanesAt } = this.lanes;
    const at = lanesAt[this.participants.indexOf(move.actor)] as number;
    const memory = commas(summarizeAccesses(move).map(touchWord));
    const text = wrap(this.moveWords(step, move), textEnd - at, 2);
    if (memoryAt === undefined) {
      const under = wrap(memory, width - at - 4).map((line) => [part('    '), ...line]);
      return [...text, ...under].map((line, n) => this.laneLine(at, line, n === 0 ? label : []));
    }
    const beside = wrap(memory, width - memoryAt);
    return Array.from({ length: Math.max(text.length, beside.length) }, (_, n) => {
      const pieces = beside[n] ? [{ at: memoryAt, parts: beside[n] }] : [];
      return this.laneLine(at, text[n] ?? [], [...(n === 0 ? label : []), ...pieces]);
    });
  }

  private laneLine(at: number, line: Line, pieces: PositionedText[]): Line {
    if (line.length === 0) return setLine([...bars(this.lanes, Number.POSITIVE_INFINITY, 0), ...pieces]);
    return setLine([...bars(this.lanes, at, at + lengthOf(line)), { at, parts: line }, ...pieces]);
  }

  private moveWords(step: TraceStep, move: TraceMove): Word[] {
    const event = eventOf(this.trace, step, move);
    const posts = postsOf(this.trace, move);
    const deed = describeAction(move).split(' ');
    return [
      ...(event === '' ? [] : `${event}:`.split(' ').map((text) => word(text, 'event'))),
      ...(posts === '' ? deed : [...deed.slice(0, -1), `${deed.at(-1)},`]).map((text) => word(text)),
      ...(posts === '' ? [] : posts.split(' ').map((text) => word(text))),
    ];
  }

  /** The property that breaks and the state in which it does, or that none broke. */
  private endLines(): Line[] {
    const { violation, steps } = this.trace;
    if (!violation) return [[], [part(`no property breaks in ${steps.length} step${steps.length === 1 ? '' : 's'}`)]];
    const says = `${violation.description}${violation.detail ? ` (${violation.detail})` : ''}`;
    const alarm = wrap(
      `${violation.property} breaks ${describeViolationSite(this.trace)}: ${says}`
        .split(' ')
        .map((text) => word(text, 'alarm')),
      this.width - 4,
    );
    return [...alarm.map((line, n) => [part(n === 0 ? '>>> ' : '    ', 'alarm'), ...line]), ...this.stateLines()];
  }

  private stateLines(): Line[] {
    const { states, cells } = endOf(this.trace);
    const places = this.participants.map((actor) => word(`${this.trace.actors[actor]} in ${states[actor]}`));
    const values = cells.map(([name, value]) => word(`${name}=${value}`));
    const labelled = (label: string, words: Word[]): Line[] =>
      wrap(commas(words), this.width - 12).map((line, n) => [
        part((n === 0 ? `    ${label}` : '').padEnd(12)),
        ...line,
      ]);
    return [...labelled('states', places), ...labelled('memory', values)];
  }
}

function commas(words: readonly Word[]): Word[] {
  return words.map((one, n) => (n < words.length - 1 ? [...one, part(',')] : one));
}

/** A touch with the digits that changed in an ink of their own. */
function touchWord(touch: AccessSummary): Word {
  const { cell, before, after, buffered } = touch;
  if (before === after || buffered) return word(describeAccess(touch), touch.read ? 'faint' : 'plain');
  const sameLength = before.length === after.length;
  const digits = [...after].map((digit, n) => part(digit, sameLength && digit === before[n] ? 'plain' : 'changed'));
  return [part(`${cell} ${before}->`), ...digits];
}

function inColour(): (text: string, ink: Style) => string {
  const { bold, cyan, dim, red, yellow } = picocolors.createColors(true);
  const inks: Record<Style, (text: string) => string> = {
    plain: (text) => text,
    faint: dim,
    event: cyan,
    changed: (text) => bold(yellow(text)),
    alarm: (text) => bold(red(text)),
  };
  return (text, ink) => inks[ink](text);
}
