/**
 * Compares every engine with the reference model checker (test/reference) on random systems, until the time is over or
 * they disagree: `npm run fuzz -- --time 1h [--seed N] [--only KIND] [--max-states N] [--out DIR]`. A system on which
 * they disagree is shrunk, and written as a design that `npx precopy check` takes.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDuration } from '../src/app/parse-units.ts';
import { describeFailure } from '../test/fuzz/describe.ts';
import { fuzzOne } from '../test/fuzz/fuzz.ts';
import { type Kind, kinds } from '../test/fuzz/generate.ts';
import { shrinkFailure } from '../test/fuzz/shrink.ts';

const { values } = parseArgs({
  options: {
    time: { type: 'string', default: '1min' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'max-states': { type: 'string', default: '3000' },
    out: { type: 'string', default: '.' },
  },
});
const chosen = kinds.filter((kind) => values.only === undefined || kind === values.only);
if (chosen.length === 0) {
  console.error(`there is no kind '${values.only}': choose ${kinds.join(', ')}`);
  process.exit(2);
}
const maxStates = Number(values['max-states']);
const first = values.seed === undefined ? Date.now() % 2 ** 30 : Number(values.seed);
const end = performance.now() + 1000 * parseDuration('--time')(values.time);
let lastReport = performance.now();

console.log(`seeds from ${first}, kinds ${chosen.join(', ')}`);
let systems = 0;
for (let seed = first; performance.now() < end; seed++) {
  for (const kind of chosen) fuzz(kind, seed);
  if (performance.now() - lastReport < 10_000) continue;
  lastReport = performance.now();
  console.log(`${systems} systems, up to seed ${seed}`);
}
console.log(`${systems} systems: the engines agree with the reference`);

function fuzz(kind: Kind, seed: number): void {
  systems++;
  const failure = fuzzOne(kind, seed, maxStates);
  if (!failure) return;
  console.log(`${kind}, seed ${seed}, ${failure.comparison}: ${failure.message}`);
  const until = performance.now() + 60_000;
  const shrunk = shrinkFailure(failure, maxStates, () => performance.now() < until);
  const file = join(values.out, `fuzz-${kind}-${seed}.ts`);
  writeFileSync(file, describeFailure(shrunk));
  console.log(`written to ${file}: npx precopy check ${file}`);
  process.exit(1);
}
