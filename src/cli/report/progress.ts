import type { Progress } from '../../search/exploration.ts';
import type { RunProgress } from '../../simulate/simulation-run.ts';
import { showBytes, showCount, showNs, showRate, showSeconds } from '../options/units.ts';
import { plural } from './plural.ts';
import { printable } from './printable.ts';

/** The part of a terminal that a progress line uses. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const secondsBetweenLines = 0.1;
const secondsBeforeFirstLine = 0.3;
const eraseLine = '\r\u001b[2K';

/** A line that shows the progress of a search, rewritten in place. Writes nothing if the stream is no terminal. */
export class ProgressLine {
  private start = 0;
  private last = { seconds: 0, amount: 0 };
  private isShown = false;
  private label = '';

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  /**
   * Starts the progress of another search or run.
   * @param position number of the design, from 1, of how many
   */
  begin(label: string, { nth, total }: { readonly nth: number; readonly total: number } = { nth: 1, total: 1 }): void {
    this.label = printable(total > 1 ? `${nth}/${total} ${label}` : label);
    this.start = this.now();
    this.last = { seconds: secondsBeforeFirstLine - secondsBetweenLines, amount: 0 };
  }

  update(progress: Progress): void {
    this.show(progress.transitions, (rate, seconds) => searchProgressText(progress, rate, seconds));
  }

  /**
   * Shows the progress, at most ten times a second.
   * @param amount work done since the start, in the unit of the rate
   * @param partsOf returns the parts of the line for a rate, per second, and the seconds since the start; the last ones
   * are left out where the terminal is narrow
   */
  show(amount: number, partsOf: (rate: number, seconds: number) => readonly string[]): void {
    if (!this.terminal.isTTY) return;
    const seconds = this.now() - this.start;
    const since = seconds - this.last.seconds;
    if (since < secondsBetweenLines) return;
    const rate = (amount - this.last.amount) / (this.isShown ? since : seconds);
    this.last = { seconds, amount };
    this.isShown = true;
    this.terminal.write(
      eraseLine + fitting([this.label, ...partsOf(rate, seconds)], (this.terminal.columns || 80) - 1),
    );
  }

  /** Erases the line, before other text is written. */
  clear(): void {
    if (this.isShown) this.terminal.write(eraseLine);
    this.isShown = false;
  }
}

/** Joins as many parts as fit the width. The first one is cut if it does not fit alone. */
function fitting([first = '', ...others]: readonly string[], width: number): string {
  let line = first.slice(0, width);
  for (const part of others) {
    if (line.length + 2 + part.length > width) break;
    line += `  ${part}`;
  }
  return line;
}

function searchProgressText(progress: Progress, rate: number, seconds: number): string[] {
  if (progress.symbolic) return symbolicProgressText(progress, progress.symbolic, seconds);
  const { states, depth, frontier, memoryBytes, memoryShare, statesLeft } = progress;
  return [
    plural(states, 'state'),
    ...(statesLeft === undefined ? [] : [`about ${showRate(statesLeft)} left`]),
    showSeconds(seconds),
    `${showRate(rate)} transitions/s`,
    `depth ${depth}`,
    `${showBytes(memoryBytes)}${memoryShare === undefined ? '' : ` (${Math.ceil(100 * memoryShare)} %)`}`,
    `frontier ${showCount(frontier)}`,
  ];
}

function symbolicProgressText(
  { states, depth, memoryBytes, memoryShare = 0 }: Progress,
  { activity, nodes, isByLevels }: NonNullable<Progress['symbolic']>,
  seconds: number,
): string[] {
  return [
    plural(states, 'state'),
    showSeconds(seconds),
    `${isByLevels ? 'level' : 'round'} ${depth}: ${activity}`,
    plural(nodes, 'node'),
    `${showBytes(memoryBytes)} (${Math.ceil(100 * memoryShare)} %)`,
  ];
}

/** The parts of the line for a run under the clock. */
export function runProgressText({ simulatedNs, steps, endNs }: RunProgress, rate: number, seconds: number): string[] {
  const share = Math.floor((100 * simulatedNs) / endNs);
  return [
    `${showNs(simulatedNs)} of ${showNs(endNs)} (${share} %)`,
    showSeconds(seconds),
    `${showRate(rate)} steps/s`,
    plural(steps, 'step'),
  ];
}
