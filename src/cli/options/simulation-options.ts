import type { Command } from 'commander';
import { addParam } from '../commands/check.ts';
import { parseBytes, parseCount, parseDuration, parseWhole } from './units.ts';

/** What a run under the clock depends on, whatever is done in it. Times in seconds, sizes in bytes. */
export interface ClockFlags {
  readonly memory: number;
  readonly vcpus: number;
  readonly param: Readonly<Record<string, number>>;
  readonly workload: string;
  readonly rate: number;
  readonly profile: string;
  readonly cost: readonly string[];
  readonly collectEvery?: number;
  readonly duration?: number;
  readonly warmUp: number;
  readonly seed: number;
  readonly pcpus?: number;
  readonly slice: number;
  readonly preemptLocks?: boolean;
}

/** Declares the options of `ClockFlags`. */
export function withClockOptions(
  command: Command,
  texts: { readonly collectEvery: string; readonly duration: string },
  collectEvery?: number,
): Command {
  return command
    .option('--memory <size>', 'guest memory', parseBytes('--memory'), 4 * 2 ** 30)
    .option('--vcpus <n>', 'how many vCPUs write', parseWhole('--vcpus'), 4)
    .option('--param <name=value>', 'any other size of a design; may be repeated', addParam, {})
    .option(
      '--workload <workload>',
      "uniform, zipf:0.99, hot:10%:90%, sweep, file:PATH, or phases 'uniform@5s, sweep'",
      'uniform',
    )
    .option('--rate <n>', 'pages that each vCPU writes in a second (25k), or max', rate, 25_000)
    .option('--profile <name|file>', 'what things cost', 'epyc-2026')
    .option(
      '--cost <change>',
      "another cost: 'writeProtectPage=+100ns', '=20ns', '=x2'; may be repeated",
      appendOption,
      [],
    )
    .option('--collect-every <time>', texts.collectEvery, parseDuration('--collect-every'), collectEvery)
    .option('--duration <time>', texts.duration, parseDuration('--duration'))
    .option('--warm-up <time>', 'simulated time that is not measured', parseDuration('--warm-up'), 0)
    .option(
      '--pcpus <n>',
      'processors that the vCPUs and callers of ioctls share; each has one unless told',
      parseWhole('--pcpus'),
    )
    .option(
      '--slice <time>',
      "how long a thread runs while others wait; Linux's base slice",
      parseDuration('--slice'),
      0.003,
    )
    .option('--preempt-locks', 'a slice may end under mmu_lock: virtual processors, or PREEMPT_RT')
    .option('--seed <n>', 'of all random numbers', parseWhole('--seed'), 1);
}

/** An option that may be repeated. */
export const appendOption = (text: string, all: readonly string[]): readonly string[] => [...all, text];

const rate = (text: string): number => (text === 'max' ? Number.POSITIVE_INFINITY : parseCount('--rate')(text));
