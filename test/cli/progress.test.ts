import { describe, expect, it } from 'vitest';
import { ProgressLine, runProgressText } from '../../src/cli/report/progress.ts';
import type { Progress } from '../../src/index.ts';

const eraseLine = '\r\u001b[2K';

class Terminal {
  written = '';
  constructor(
    readonly isTTY: boolean,
    readonly columns = 120,
  ) {}
  write(text: string): void {
    this.written += text;
  }
}

function progressAfter(seconds: readonly number[], terminal: Terminal, more: Partial<Progress> = {}): ProgressLine {
  const clock = [0, ...seconds];
  const line = new ProgressLine(terminal, () => clock.shift() as number);
  line.begin('rmap-xchg');
  for (const second of seconds) {
    line.update({
      states: second * 1_000_000,
      transitions: second * 3_000_000,
      depth: 34,
      frontier: 12_345,
      memoryBytes: 96 * 2 ** 20,
      ...more,
    });
  }
  return line;
}

describe('the progress line', () => {
  it('shows states, rate, depth, frontier, memory and time', () => {
    const terminal = new Terminal(true);
    progressAfter([2], terminal);
    expect(terminal.written).toBe(
      `${eraseLine}rmap-xchg  2,000,000 states  2.00 s  3.0M transitions/s  depth 34  96 MiB  frontier 12,345`,
    );
  });

  it('shows the share of the memory limit, and an estimate of the unvisited states', () => {
    const terminal = new Terminal(true, 150);
    progressAfter([2], terminal, { memoryShare: 0.023, statesLeft: 1_400_000 });
    expect(terminal.written).toContain('  2,000,000 states  about 1.4M left  2.00 s  ');
    expect(terminal.written).toContain('  96 MiB (3 %)  ');
  });

  it('tells of a run under the clock how much of its time is simulated, and how fast', () => {
    const terminal = new Terminal(true);
    const clock = [0, 2];
    const line = new ProgressLine(terminal, () => clock.shift() as number);
    line.begin('rmap-xchg');
    const run = { simulatedNs: 1.5e9, steps: 3_000_000, endNs: 4e9 };
    line.show(run.steps, (rate, seconds) => runProgressText(run, rate, seconds));
    expect(terminal.written).toBe(`${eraseLine}rmap-xchg  1.5 s of 4 s (37 %)  2.00 s  1.5M steps/s  3,000,000 steps`);
  });

  it('is rewritten in place, and erased for other text', () => {
    const terminal = new Terminal(true);
    progressAfter([1, 2], terminal).clear();
    expect(terminal.written.split(eraseLine)).toHaveLength(4);
    expect(terminal.written.endsWith(eraseLine)).toBe(true);
    expect(terminal.written).not.toContain('\n');
  });

  it('does not flicker: it starts late, and is written at most ten times a second', () => {
    const terminal = new Terminal(true);
    progressAfter([0.1, 0.25], terminal);
    expect(terminal.written).toBe('');
    progressAfter([1, 1.05, 1.2], terminal);
    expect(terminal.written.split(eraseLine)).toHaveLength(3);
  });

  it('fits the terminal, with as many whole figures as there is room for', () => {
    const terminal = new Terminal(true, 60);
    progressAfter([2], terminal);
    expect(terminal.written).toBe(`${eraseLine}rmap-xchg  2,000,000 states  2.00 s  3.0M transitions/s`);
    const narrow = new Terminal(true, 8);
    progressAfter([2], narrow);
    expect(narrow.written).toBe(`${eraseLine}rmap-xc`);
  });

  it('begins with the number of the design, if there are several', () => {
    const terminal = new Terminal(true);
    const clock = [0, 2];
    const line = new ProgressLine(terminal, () => clock.shift() as number);
    line.begin('rmap-xchg', { nth: 3, total: 25 });
    line.show(1, () => []);
    expect(terminal.written).toBe(`${eraseLine}3/25 rmap-xchg`);
  });

  it('is not written to a pipe', () => {
    const pipe = new Terminal(false);
    progressAfter([1, 2, 3], pipe).clear();
    expect(pipe.written).toBe('');
  });
});
