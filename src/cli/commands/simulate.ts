import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { parseBytes, parseDuration, parseWhole } from '../../app/parse-units.ts';
import { PrecopyError } from '../../model/errors.ts';
import { assertOneDocument, ciFormatOption, ciNote } from '../options/ci-format-option.ts';
import { appendOption, withExperimentOptions } from '../options/simulation-options.ts';
import { optionWithDefault } from '../options/units.ts';
import { addHelpSections } from '../report/help-text.ts';
import type { SimulateFlags } from '../simulate.ts';

type Flags = Omit<SimulateFlags, 'params'> & { readonly param?: Readonly<Record<string, number>> };

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .summary('simulate designs at the size of a real guest: how long does a vCPU wait?')
    .description(
      [
        'Simulates the machines that `check` verifies, at the size of a real guest: a discrete-event simulation. The cost',
        'profile gives the time of each step, the machines themselves grant locks, and the workload says which pages the',
        'guest writes. By default QEMU migrates the guest; with --collect-every, user space only reads the dirty log.',
        'Equal seeds give equal figures, to the bit.',
      ].join(' '),
    )
    .argument(
      '[design|file.ts[:design]...]',
      'ids of designs or mutants, files that export designs, or single designs of a file (default: all designs)',
    );
  withExperimentOptions(command, {
    collectEvery: 'no migration: read the dirty log at this interval',
    duration: 'simulated time after which a run ends (default: 10s with --collect-every, else 10min)',
  })
    .addOption(
      optionWithDefault('--bandwidth <size>', 'bandwidth of the link, per second', '1.25GB', parseBytes('--bandwidth')),
    )
    .option('--max-bandwidth <size>', "QEMU's max-bandwidth, per second (default: none)", parseBytes('--max-bandwidth'))
    .option(
      '--avail-switchover-bandwidth <size>',
      "QEMU's avail-switchover-bandwidth, per second (default: as measured)",
      parseBytes('--avail-switchover-bandwidth'),
    )
    .addOption(
      optionWithDefault('--downtime-limit <time>', "QEMU's downtime-limit", '300ms', parseDuration('--downtime-limit')),
    )
    .option('--auto-converge', "QEMU's auto-converge: throttle a guest that writes too fast")
    .addOption(
      optionWithDefault('--zero-pages <share>', 'share of the pages that are zero at the start', '0%', parseShare),
    )
    .option('--sweep <name=values>', 'one run for each value: memory=1GiB,4GiB; repeatable', appendOption)
    .option('--runs <n>', 'runs of each design, for confidence intervals', parseWhole('--runs', { min: 1 }), 1)
    .option(
      '--workers <n>',
      'threads; the figures do not depend on it',
      parseWhole('--workers', { min: 1 }),
      availableParallelism(),
    )
    .option('--time <time>', 'wall-clock limit; the figures are partial then', parseDuration('--time'))
    .option('--expect <threshold>', "exit 1 if it fails: 'vcpuWrite.p999 < 1ms'; repeatable", appendOption)
    .option('--html <file>', 'write a report: latencies, timeline of mmu_lock, dirty pages; one file')
    .option('--perfetto <file>', 'write a trace of one run for ui.perfetto.dev')
    .option(
      '--perfetto-from <time>',
      'simulated time at which the trace starts (default: 0)',
      parseDuration('--perfetto-from', { orZero: true }),
    )
    .option('--json', 'one JSON document on stdout (docs/schemas/simulate.schema.json), text on stderr')
    .addOption(ciFormatOption())
    .option('--quiet', 'only the table, and no progress')
    .action(async (names: string[], { param = {}, ...flags }: Flags) => {
      assertOneDocument(flags);
      const { runSimulate } = await import('../simulate.ts');
      process.exitCode = await runSimulate(names, { ...flags, params: param });
    });
  return addHelpSections(command, {
    notes: [
      'Exit codes: 0 simulated; 1 a property is violated or a threshold fails; 2 wrong usage; 3 a run was stopped by ' +
        '--time, --duration or Ctrl-C, its figures are partial; 70 an internal error.',
      ciNote,
    ],
    examples: [
      ['npx precopy simulate rmap-xchg srcu-switch --collect-every 1s', 'who holds mmu_lock, and how long'],
      ['npx precopy simulate --memory 10GiB --rate 5k --runs 5', 'all designs, with confidence intervals'],
      ["npx precopy simulate rmap-xchg --expect 'vcpuWrite.p999 < 1ms'", 'a threshold for CI'],
      ['npx precopy simulate --memory 10GiB --html report.html', 'charts of all designs'],
      ['npx precopy simulate manual-clear --sweep chunk=64,512,4096', 'the effect of the chunk size of CLEAR'],
      ["npx precopy simulate rmap-xchg --cost 'writeProtectPage=+100ns'", 'a what-if'],
    ],
  });
}

function parseShare(text: string): number {
  const [, digits = Number.NaN, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  const value = Number(digits) / (percent ? 100 : 1);
  if (value >= 0 && value <= 1) return value;
  throw new PrecopyError('BAD_PARAMETER', `--zero-pages is '${text}'`, 'give a share such as 30%');
}
