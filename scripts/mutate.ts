/**
 * Mutates the source of the engines and tells which mutants no test notices: `npm run mutate -- FILE... [--sample N]
 * [--seed N] [--tests FILE...]`. Each mutant is one change of one operator, constant or statement. On a copy of the
 * tree in a temporary directory, the unit tests of the file's folder run first, and the fuzzer if they pass.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantsOf } from '../test/fuzz/mutants.ts';
import { Dice } from '../test/fuzz/random.ts';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '20' },
    seed: { type: 'string', default: '0' },
    tests: { type: 'string', multiple: true },
    /** most CPU time of a run of tests, in seconds */
    'cpu-limit': { type: 'string', default: '60' },
  },
});
if (files.length === 0) {
  console.error('name the files to mutate: npm run mutate -- src/search/bfs/duplicate-filter.ts');
  process.exit(2);
}

/** Tests of folders of which their own folder of tests, if there is one, does not test all. */
const testsOfFolder: Readonly<Record<string, readonly string[]>> = {
  'src/cache': ['test/cache', 'test/search/bfs', 'test/search/corners.test.ts'],
  'src/compile': ['test/compile', 'test/rules', 'test/live/equals-compiled.test.ts'],
  'src/search': ['test/search/property-monitor.test.ts', 'test/search/deadlocks.test.ts', 'test/search/bfs'],
  'src/search/successors': ['test/search/bfs', 'test/search/corners.test.ts'],
};

const copy = mkdtempSync(join(tmpdir(), 'precopy-mutants-'));
try {
  cpSync('.', copy, { recursive: true, filter: (path) => !/(^|\/)(\.git|node_modules)$/.test(path) });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  const dice = new Dice(Number(values.seed));
  let [killed, survived] = [0, 0];
  for (const file of files) {
    const suites = suitesOf(file);
    if (!suites.every(passes))
      throw new Error(`the tests of ${file} fail without a mutation: ${suites.flat().join(' ')}`);
    const source = readFileSync(file, 'utf8');
    const all = mutantsOf(file, source);
    const sample = dice.times(Math.min(Number(values.sample), all.length), () => all.splice(dice.below(all.length), 1));
    for (const { text, line, change } of sample.flat()) {
      writeFileSync(join(copy, file), text);
      const isAlive = suites.every(passes);
      if (isAlive) survived++;
      else killed++;
      if (isAlive) console.log(`${file}:${line} survives: ${change}`);
    }
    writeFileSync(join(copy, file), source);
    console.log(`${file}: ${sample.length} of ${sample.length + all.length} mutants were made`);
  }
  console.log(`${killed} killed, ${survived} survive`);
  process.exitCode = survived > 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true });
}

/** Returns the suites that are to notice a mutant of a file, in the order in which they run. */
function suitesOf(file: string): (readonly string[])[] {
  if (values.tests) return [values.tests];
  const folder = dirname(file);
  const tests = testsOfFolder[folder] ?? [folder.replace(/^src/, 'test')];
  const unit = tests.filter((path) => existsSync(path));
  return [...(unit.length > 0 ? [unit] : []), ['test/fuzz/fuzz.test.ts']];
}

/**
 * Returns whether tests pass on the copy, with the invariants of data structures asserted. A mutant that does not end
 * is noticed.
 */
function passes(tests: readonly string[]): boolean {
  const cache = ['--experimental.fsModuleCache', '--experimental.fsModuleCachePath', join(copy, 'modules')];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--bail', '1', '--maxWorkers', '1', ...cache, ...tests];
  const { status } = spawnSync(`ulimit -t ${Number(values['cpu-limit'])}; exec node ${vitest.join(' ')}`, {
    cwd: copy,
    env: { ...process.env, PRECOPY_ASSERT: '1' },
    shell: true,
    stdio: 'ignore',
  });
  return status === 0;
}
