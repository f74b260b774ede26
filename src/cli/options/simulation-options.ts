import type { Command } from 'commander';
import { parseBytes, parseCount, parseDuration, parseWhole } from '../../app/parse-units.ts';
import { parseParam } from './param-option.ts';
import { optionWithDefault } from './units.ts';

/**
 * Adds the options of `ExperimentOptions` to a command.
 * @param texts help texts that depend on the command
 * @param collectEvery default of --collect-every, as a person types it
 */
export function withExperimentOptions(
  command: Command,
  texts: { readonly collectEvery: string; readonly duration: string },
  collectEvery?: string,
): Command {
  const parseInterval = parseDuration('--collect-every');
  command
    .addOption(optionWithDefault('--memory <size>', 'guest memory', '4GiB', parseBytes('--memory')))
    .addOption(optionWithDefault('--vcpus <n>', 'vCPUs that write', '4', parseWhole('--vcpus')))
    .option('--param <name=value>', 'another parameter of a design; repeatable', parseParam('--param'))
    .addOption(
      optionWithDefault(
        '--workload <workload>',
        "uniform, zipf:0.99, hot:10%:90%, sweep, file:PATH, or phases: 'uniform@5s, sweep'",
        'uniform',
        String,
      ),
    )
    .addOption(optionWithDefault('--rate <n>', 'pages that each vCPU writes per second, or max', '25k', parseRate))
    .addOption(optionWithDefault('--profile <name|file>', 'cost profile', 'epyc-2026', String))
    .option('--cost <change>', "change a cost: 'writeProtectPage=+100ns', '=20ns', '=x2'; repeatable", appendOption);
  if (collectEvery === undefined) command.option('--collect-every <time>', texts.collectEvery, parseInterval);
  else {
    command.addOption(optionWithDefault('--collect-every <time>', texts.collectEvery, collectEvery, parseInterval));
  }
  return command
    .option('--duration <time>', texts.duration, parseDuration('--duration'))
    .option(
      '--warm-up <time>',
      'simulated time that is not measured (default: 0)',
      parseDuration('--warm-up', { orZero: true }),
    )
    .option(
      '--pcpus <n>',
      'processors that vCPUs and callers of ioctls share (default: one for each)',
      parseWhole('--pcpus'),
    )
    .addOption(
      optionWithDefault(
        '--slice <time>',
        "time slice of a thread while others are runnable: Linux's base slice",
        '3ms',
        parseDuration('--slice'),
      ),
    )
    .option('--preempt-locks', 'a slice may end under mmu_lock: virtual processors, or PREEMPT_RT')
    .addOption(optionWithDefault('--seed <n>', 'random seed', '1', parseWhole('--seed')));
}

/** Collects the values of a repeatable option. */
export const appendOption = (text: string, all: readonly string[] = []): readonly string[] => [...all, text];

const parseRate = (text: string): number => (text === 'max' ? Number.POSITIVE_INFINITY : parseCount('--rate')(text));
