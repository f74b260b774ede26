import { fileURLToPath } from 'node:url';
import { type CommandContext, runCommand } from './command.ts';
import type { PrecopyEngine } from './engines.ts';
import { fastest, type SearchRun } from './measurement.ts';
import type { Scenario } from './scenarios.ts';

const limitSeconds = 1200;
const program = fileURLToPath(new URL('../bin/precopy.js', import.meta.url));

/** The fields of a document of `precopy check --json` that the benchmark reads. */
interface Entry {
  readonly verdict: string;
  readonly states: number;
  readonly transitions: number;
  readonly seconds: number;
  readonly tableBytes: number;
}

/**
 * Measures precopy in one scenario as a user calls it: each run is a process of its own, so V8 starts cold.
 * @throws Error if the design does not hold
 */
export function measurePrecopy(
  at: CommandContext,
  { workers, reductions, checks, strategy }: PrecopyEngine,
  scenario: Scenario,
): Promise<SearchRun> {
  const { vcpus, pages, emulating, runs } = scenario;
  const params = ['--vcpus', `${vcpus}`, '--pages', `${pages}`, '--param', 'loggingOn=1'];
  const rest = ['--param', `emulatingVcpus=${emulating}`, '--workers', `${workers}`, '--reductions', reductions];
  const limits = [checks === 'safety' ? '--no-liveness' : '--liveness', '--max-memory', '3GiB', '--json', '--quiet'];
  return fastest(runs, async () => {
    const args = [program, 'check', 'rmap-xchg', ...params, ...rest, '--strategy', strategy, ...limits];
    const { stdout, seconds, cpuSeconds } = await runCommand(at, limitSeconds, process.execPath, args);
    const [entry] = (JSON.parse(stdout) as { designs: [Entry] }).designs;
    if (entry.verdict !== 'holds') throw new Error(`the verdict is '${entry.verdict}', but the design holds`);
    const { states, transitions, tableBytes } = entry;
    return {
      states,
      transitions,
      searchSeconds: entry.seconds,
      totalSeconds: seconds,
      cpuSeconds,
      bytesPerState: tableBytes / states,
    };
  });
}
