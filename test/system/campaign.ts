import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderWith, root, run, succeed } from './command.ts';

export const executable = join(root, 'bin/precopy.js');

/** Searches of some seconds, and one that violates a property: the last of the eight shards. */
const campaign = `check:
  - designs: rmap-xchg
    checks: safety
    params: { vcpus: 2, pages: 2 }
    strategy: random
    seeds: 6
    runs: 2500
  - designs: ./peterson.ts:peterson
    checks: safety
    memoryModel: [sc, tso]
`;

/** Plans the campaign in a new folder, and returns the path of the plan's folder. */
export function planned(): string {
  const folder = folderWith({ 'test.yaml': campaign });
  cpSync(join(root, 'examples/peterson.ts'), join(folder, 'peterson.ts'));
  succeed(folder, executable, 'campaign', 'plan', 'test.yaml');
  return join(folder, 'test.campaign');
}

/** Copies a planned campaign, without results, into a new folder. */
export function copyOf(plan: string): string {
  const folder = folderWith();
  cpSync(join(plan, '..'), folder, { recursive: true });
  return join(folder, 'test.campaign');
}

/** Returns the joined results of a campaign, without what differs from run to run: times, and the folder. */
export function resultsOf(plan: string): unknown {
  const { exitCode, stdout } = run(root, executable, 'campaign', 'merge', plan, '--json', '--quiet');
  const document = JSON.parse(stdout, (key, value) => (key === 'seconds' || key === 'duplicates' ? 0 : value));
  return { exitCode, document };
}

/** Returns the results of one process that runs all shards. */
export function resultsOfOneProcess(plan: string): unknown {
  const copy = copyOf(plan);
  run(root, executable, 'campaign', 'run', copy, '--next', '--quiet');
  return resultsOf(copy);
}

/** Returns the worker process that runs a part of a campaign: `1/4`; undefined if there is none now. */
export function workerOf(plan: string, part: string): number | undefined {
  const isWorker = (pid: string): boolean => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      return words[0]?.endsWith('node') === true && words.includes(plan) && words.includes(part);
    } catch {
      return false;
    }
  };
  const found = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isWorker(name));
  return found.length > 0 ? Number(found[0]) : undefined;
}

/** Returns true if commands are installed. With CI=true they have to be. */
export const areExpected = (...commands: readonly string[]): boolean =>
  process.env['CI'] === 'true' ||
  commands.every((command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined);
