/**
 * Mutates the source of the engines and tells which mutants no test notices: `npm run mutate -- FILE...
 * [--sample N] [--seed N] [--tests FILE...]`. Each mutant is one change of one operator, constant or statement. The
 * tests run on a copy of the tree in a temporary directory; by default they are those of the fuzzer.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { mutantsOf } from '../test/fuzz/mutants.ts';
import { Dice } from '../test/fuzz/random.ts';

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '20' },
    seed: { type: 'string', default: '0' },
    tests: { type: 'string', multiple: true, default: ['test/fuzz/fuzz.test.ts'] },
    timeout: { type: 'string', default: '180' },
  },
});
if (files.length === 0) {
  console.error('name the files to mutate: npm run mutate -- src/search/bfs/duplicate-filter.ts');
  process.exit(2);
}

const copy = mkdtempSync(join(tmpdir(), 'precopy-mutants-'));
try {
  cpSync('.', copy, { recursive: true, filter: (path) => !/(^|\/)(\.git|node_modules)$/.test(path) });
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));
  if (!passes()) throw new Error('the tests fail without a mutation');
  const dice = new Dice(Number(values.seed));
  let [killed, survived] = [0, 0];
  for (const file of files) {
    const source = readFileSync(file, 'utf8');
    const all = mutantsOf(file, source);
    const sample = dice.times(Math.min(Number(values.sample), all.length), () => all.splice(dice.below(all.length), 1));
    for (const { text, line, change } of sample.flat()) {
      writeFileSync(join(copy, file), text);
      const isAlive = passes();
      if (isAlive) survived++;
      else killed++;
      if (isAlive) console.log(`${file}:${line} survives: ${change}`);
    }
    writeFileSync(join(copy, file), source);
  }
  console.log(`${killed} killed, ${survived} survive`);
  process.exitCode = survived > 0 ? 1 : 0;
} finally {
  rmSync(copy, { recursive: true });
}

/** Returns whether the tests pass on the copy. A mutant that does not end in time counts as noticed. */
function passes(): boolean {
  const { status } = spawnSync('npx', ['vitest', 'run', '--bail', '1', '--maxWorkers', '1', ...values.tests], {
    cwd: copy,
    stdio: 'ignore',
    timeout: 1000 * Number(values.timeout),
    killSignal: 'SIGKILL',
  });
  return status === 0;
}
