/**
 * `npm run strategies`: how many schedules each strategy draws until it breaks something, for every mutant: the median of several seeds, and
 * the length of the counterexample after shrinking beside the shortest one.
 */
import { mutants } from '../machines/mutants.ts';
import { memoise } from '../src/compile/memoise.ts';
import { compile } from '../src/compile/program.ts';
import { exhaustive } from '../src/explore/exhaustive.ts';
import type { Exploration } from '../src/explore/result.ts';
import { sample } from '../src/explore/sample.ts';
import { type StrategyName, strategies } from '../src/explore/strategy.ts';
import { type AnyDesign, checkKindOf } from '../src/model/design.ts';
import type { Property } from '../src/model/property.ts';

const seeds = [1, 2, 3];
const runs = 3000;
const depth = 200;
const bugDepth = 3;
const names = Object.keys(strategies) as StrategyName[];

console.log(
  `median of seeds ${seeds.join(', ')}; at most ${runs} schedules of ${depth} steps; pct for bugs of depth ${bugDepth}\n`,
);
console.log(`| mutant | ${names.join(' | ')} | shortest | shrunk to |`);
console.log(`|---|${names.map(() => '---:|').join('')}---:|---:|`);
for (const mutant of mutants as readonly AnyDesign[]) {
  const breaks = (mutant.properties as readonly Property[]).find(({ id }) => id === mutant.mutation?.breaks);
  if (breaks && checkKindOf(breaks) !== 'safety') continue;
  const found = names.map((strategy) =>
    seeds.map((seed) => finish(sample(memoise(compile(mutant)), { strategy, seed, runs, depth, bugDepth }))),
  );
  const shortest = finish(exhaustive(memoise(compile(mutant)), { maxStates: 500_000 })).violation?.schedule.length;
  const lengths = found.flat().flatMap(({ violation }) => violation?.schedule.length ?? []);
  const range = lengths.length > 0 ? `${Math.min(...lengths)} to ${Math.max(...lengths)}` : '-';
  console.log(`| ${mutant.id} | ${found.map(median).join(' | ')} | ${shortest ?? '-'} | ${range} |`);
}

/** The middle one; a search that found nothing counts as the longest. */
function median(found: readonly Exploration[]): string {
  const drawn = found.map(({ verdict, sampled }) =>
    verdict === 'violated' ? (sampled?.runs as number) : Number.POSITIVE_INFINITY,
  );
  const middle = drawn.sort((a, b) => a - b)[drawn.length >> 1] as number;
  return Number.isFinite(middle) ? String(middle) : `> ${runs}`;
}

function finish(engine: Generator<unknown, Exploration, undefined>): Exploration {
  let turn = engine.next();
  while (!turn.done) turn = engine.next();
  return turn.value;
}
