import type { Progress } from '../explore/result.ts';
import { showBytes, showCount, showRate, showSeconds } from './units.ts';

/** What a progress line needs of a terminal. */
interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const secondsBetweenLines = 0.1;
const secondsBeforeFirstLine = 0.3;
const eraseLine = '\r\u001b[2K';

/** One line that tells how far a search is, rewritten in place; nothing where there is no terminal. */
export class ProgressLine {
  private start = 0;
  private last = { seconds: 0, transitions: 0 };
  private isShown = false;
  private label = '';

  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = () => performance.now() / 1000,
  ) {}

  /** A new search begins. */
  begin(label: string): void {
    this.label = label;
    this.start = this.now();
    this.last = { seconds: secondsBeforeFirstLine - secondsBetweenLines, transitions: 0 };
  }

  update(progress: Progress): void {
    if (!this.terminal.isTTY) return;
    const seconds = this.now() - this.start;
    const since = seconds - this.last.seconds;
    if (since < secondsBetweenLines) return;
    const rate = (progress.transitions - this.last.transitions) / (this.isShown ? since : seconds);
    this.last = { seconds, transitions: progress.transitions };
    this.isShown = true;
    this.terminal.write(
      `${eraseLine}${this.text(progress, rate, seconds).slice(0, (this.terminal.columns || 80) - 1)}`,
    );
  }

  /** Makes way for other text. */
  clear(): void {
    if (this.isShown) this.terminal.write(eraseLine);
    this.isShown = false;
  }

  private text({ states, depth, frontier, memoryBytes, ...rest }: Progress, rate: number, seconds: number): string {
    return [
      this.label,
      `${showCount(states)} states`,
      `${showRate(rate)} transitions/s`,
      `depth ${depth}`,
      `frontier ${showCount(frontier)}`,
      `${showBytes(memoryBytes)}${rest.memoryShare === undefined ? '' : ` (${Math.ceil(100 * rest.memoryShare)} %)`}`,
      showSeconds(seconds),
      ...(rest.statesLeft === undefined ? [] : [`${showRate(rest.statesLeft)} left (estimate)`]),
    ].join('  ');
  }
}
