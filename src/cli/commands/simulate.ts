import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { PrecopyError } from '../../model/errors.ts';
import { appendOption, type ClockFlags, withClockOptions } from '../options/simulation-options.ts';
import { parseBytes, parseDuration, parseWhole } from '../options/units.ts';

interface Flags extends ClockFlags {
  readonly bandwidth: number;
  readonly maxBandwidth?: number;
  readonly availSwitchoverBandwidth?: number;
  readonly downtimeLimit: number;
  readonly autoConverge?: boolean;
  readonly zeroPages: number;
  readonly sweep: readonly string[];
  readonly runs: number;
  readonly workers: number;
  readonly time?: number;
  readonly expect: readonly string[];
  readonly html?: string;
  readonly perfetto?: string;
  readonly perfettoFrom: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export function simulateCommand(): Command {
  const command = new Command('simulate')
    .summary('run designs under a clock at real size: how long does a vCPU wait?')
    .description(
      [
        'Runs the machines that `check` proves under a clock, at the size of a real guest. Each step costs what the cost profile',
        'says, locks are granted by their own machines, and the guest writes as the workload says. A migration by QEMU is the',
        'default; --collect-every only asks for the dirty log. The same seed gives the same figures, to the bit.',
      ].join(' '),
    )
    .argument(
      '[design|file.ts...]',
      'designs or mutants by name, or files that export designs; all shipped designs unless told',
    );
  return withClockOptions(command, {
    collectEvery: 'no migration: only take the dirty log so often',
    duration: 'simulated time after which a run ends: 10s with --collect-every, else 10min',
  })
    .option('--bandwidth <size>', 'of the link, a second', parseBytes('--bandwidth'), 1.25e9)
    .option('--max-bandwidth <size>', "QEMU's limit, a second; none unless told", parseBytes('--max-bandwidth'))
    .option(
      '--avail-switchover-bandwidth <size>',
      'for the last pages, a second; as measured unless told',
      parseBytes('--avail-switchover-bandwidth'),
    )
    .option('--downtime-limit <time>', 'how long the guest may stand still', parseDuration('--downtime-limit'), 0.3)
    .option('--auto-converge', 'slow the guest down when it writes too fast')
    .option('--zero-pages <share>', 'how many pages are zero at first (30%)', share, 0)
    .option('--sweep <name=values>', 'run each: memory=1GiB,4GiB or chunk=64,512; may be repeated', appendOption, [])
    .option('--runs <n>', 'runs of each design, for confidence intervals', parseWhole('--runs'), 1)
    .option(
      '--workers <n>',
      'threads that make the runs; the figures do not depend on it',
      parseWhole('--workers'),
      availableParallelism(),
    )
    .option('--time <time>', 'stop after so much real time, with partial figures', parseDuration('--time'))
    .option('--expect <threshold>', "exit 1 unless it holds: 'vcpuWrite.p999 < 1ms'; may be repeated", appendOption, [])
    .option('--html <file>', 'a report with latencies, the timeline of mmu_lock and dirty pages, in one file')
    .option('--perfetto <file>', 'a trace of one design, for ui.perfetto.dev')
    .option('--perfetto-from <time>', 'simulated time at which the trace starts', parseDuration('--perfetto-from'), 0)
    .option('--json', 'one JSON document on stdout (docs/schemas/simulate.schema.json), text on stderr')
    .option('--quiet', 'the table only, and no progress')
    .addHelpText(
      'after',
      `
Exit codes: 0 it ran; 1 a property is violated or a threshold broken; 2 wrong usage;
3 a run did not end (--time, --duration, Ctrl-C), its figures are partial; 70 a bug of ours.

Examples:
  npx precopy simulate rmap-xchg srcu-switch --collect-every 1s     who holds mmu_lock, and how long
  npx precopy simulate --memory 10GiB --rate 5k --runs 5            all designs, with confidence intervals
  npx precopy simulate rmap-xchg --expect 'vcpuWrite.p999 < 1ms'    a threshold for CI
  npx precopy simulate --memory 10GiB --html report.html            charts of all designs
  npx precopy simulate manual-clear --sweep chunk=64,512,4096       what the size of a CLEAR does
  npx precopy simulate rmap-xchg --cost 'writeProtectPage=+100ns'   what if`,
    )
    .action(async (names: string[], flags: Flags) => {
      const { simulate } = await import('../simulate.ts');
      process.exitCode = await simulate(names, flags);
    });
}

export type SimulateFlags = Flags;

function share(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!(value >= 0 && value <= 1))
    throw new PrecopyError('BAD_PARAMETER', `--zero-pages is '${text}'`, 'give a share such as 30%');
  return value;
}
