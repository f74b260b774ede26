/**
 * `npm run strategies [PREFIX]`: how soon each strategy breaks something, for every mutant whose name begins so: schedules drawn (the median of
 * several seeds), executions of dpor, states of a bitstate search, and the fewest preemptions that show it; then the length of the
 * counterexamples after shrinking beside the shortest one.
 */
import { mutants } from '../machines/mutants.ts';
import { memoise } from '../src/compile/memoise.ts';
import { compile, type Program } from '../src/compile/program.ts';
import { bitstate } from '../src/explore/bitstate.ts';
import { dpor } from '../src/explore/dpor.ts';
import { exhaustive } from '../src/explore/exhaustive.ts';
import { finish } from '../src/explore/finish.ts';
import { exhaustiveByPreemptions } from '../src/explore/preemptions.ts';
import type { Exploration, Progress, StopReason } from '../src/explore/result.ts';
import { sample } from '../src/explore/sample.ts';
import { type StrategyName, strategies } from '../src/explore/strategy.ts';
import { type AnyDesign, checkKindOf } from '../src/model/design.ts';
import type { Property } from '../src/model/property.ts';

type Engine = Generator<Progress, Exploration, StopReason | undefined>;

const seeds = [1, 2, 3];
const runs = 1000;
const depth = 200;
const bugDepth = 3;
const stepsOfEachActor = 8;
/** the most states of the searches that visit them, and the most transitions of dpor */
const enough = 200_000;
const enoughOfTraces = 40_000;
const mostPreemptions = 3;
const names = Object.keys(strategies) as StrategyName[];
const [prefix = ''] = process.argv.slice(2);

console.log(
  `random, pct, pos: schedules, median of seeds ${seeds.join(', ')}; at most ${runs} of ${depth} steps; pct for bugs of depth ${bugDepth}`,
);
console.log(
  `dpor: executions, at most ${stepsOfEachActor} steps of each actor; bitstate: states, seed 1; preemptions: the fewest; at most ${enough} states, and ${enoughOfTraces} transitions of dpor`,
);
console.log(`\n| mutant | ${names.join(' | ')} | dpor | bitstate | preemptions | shortest | shrunk to |`);
console.log(`|---|${names.map(() => '---:|').join('')}---:|---:|---:|---:|---:|`);
for (const mutant of (mutants as readonly AnyDesign[]).filter(({ id }) => id.startsWith(prefix))) {
  const breaks = (mutant.properties as readonly Property[]).find(({ id }) => id === mutant.mutation?.breaks);
  if (breaks && checkKindOf(breaks) !== 'safety') continue;
  const program = (): Program => memoise(compile(mutant));
  const drawn = names.map((strategy) =>
    seeds.map((seed) => search(sample(program(), { strategy, seed, runs, depth, bugDepth }))),
  );
  const byTraces = search(dpor(program(), { depth: stepsOfEachActor }), enoughOfTraces);
  const byBits = search(bitstate(program(), { seed: 1, depth: 10_000, bytes: 2 ** 26 }));
  const shortest = search(exhaustive(program(), { maxStates: enough })).violation?.schedule.length;
  const lengths = [...drawn.flat(), byTraces, byBits].flatMap(({ violation }) => violation?.schedule.length ?? []);
  const range = lengths.length > 0 ? `${Math.min(...lengths)} to ${Math.max(...lengths)}` : '-';
  const cells = [
    ...drawn.map(median),
    byTraces.verdict === 'violated' ? (byTraces.dpor?.executions ?? 0) + 1 : '-',
    byBits.verdict === 'violated' ? byBits.states : '-',
    fewestPreemptions(program),
    shortest ?? '-',
    range,
  ];
  console.log(`| ${mutant.id} | ${cells.join(' | ')} |`);
}

/** The middle one; a search that found nothing counts as the longest. */
function median(found: readonly Exploration[]): string {
  const drawn = found.map(({ verdict, sampled }) =>
    verdict === 'violated' ? (sampled?.runs as number) : Number.POSITIVE_INFINITY,
  );
  const middle = drawn.sort((a, b) => a - b)[drawn.length >> 1] as number;
  return Number.isFinite(middle) ? String(middle) : `> ${runs}`;
}

function fewestPreemptions(program: () => Program): string {
  for (let bound = 0; bound <= mostPreemptions; bound++) {
    const { verdict, stoppedBy } = search(exhaustiveByPreemptions(program(), bound, { maxStates: enough }));
    if (verdict === 'violated') return String(bound);
    if (stoppedBy !== 'preemptions') return `≥ ${bound}`;
  }
  return `> ${mostPreemptions}`;
}

/** Lets an engine go on to its end, or for as many transitions as are enough. */
function search(engine: Engine, most = 10 * enough): Exploration {
  return finish(engine, ({ transitions }) => (transitions > most ? 'max-states' : undefined));
}
