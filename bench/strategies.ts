/**
 * `npm run strategies [PREFIX]`: how soon each strategy breaks something, for every mutant whose name begins so, at its default sizes. What is counted,
 * and within which bounds, is printed above the table; docs/search.md has the table and tells how to read it. Progress goes to stderr.
 */
import { mutants } from '../machines/mutants/index.ts';
import { memoise } from '../src/cache/cached-program.ts';
import { compile } from '../src/compile/compile.ts';
import type { Program } from '../src/compile/program.ts';
import { type AnyDesign, checkKindOf } from '../src/model/design.ts';
import type { Property } from '../src/model/property.ts';
import { breadthFirstSearch } from '../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../src/search/bfs/preemption-bound.ts';
import { bitstate } from '../src/search/dfs/bitstate.ts';
import { dpor } from '../src/search/dpor/dpor.ts';
import type { Exploration, Progress, StopReason } from '../src/search/exploration.ts';
import { sampleSchedules } from '../src/search/random/schedule-sampling.ts';
import { type SchedulerName, schedulers } from '../src/search/random/schedulers.ts';
import { runEngine } from '../src/search/run-engine.ts';

/** What was found, and how much work it took: of what was found nothing in, how much work was done. */
interface Cell {
  readonly text: string;
  /** the lengths of counterexamples, once they were shrunk */
  readonly lengths: readonly number[];
}

const seeds = [1, 2, 3];
const runs = 1000;
const depth = 200;
const bugDepth = 3;
const stepsOfEachActor = 8;
const transitionsOfDpor = 100_000;
const transitionsOfBitstate = 1_000_000;
const members = 8;
const states = 200_000;
const mostPreemptions = 2;
const names = Object.keys(schedulers) as SchedulerName[];

const count = (n: number): string => n.toLocaleString('en-US');
const cellOf = (found: readonly Exploration[], text: string): Cell => ({
  text,
  lengths: found.flatMap(({ violation }) => violation?.schedule.length ?? []),
});
const columns: readonly (readonly [name: string, measure: (program: () => Program) => Cell])[] = [
  ...names.map((name) => [name, (program: () => Program) => drawn(name, program)] as const),
  ['dpor', byTraces],
  ['bitstate', byBits],
  ['swarm', bySwarm],
  ['preemptions', fewestPreemptions],
  ['shortest', shortest],
];

const [prefix = ''] = process.argv.slice(2);
const chosen = (mutants as readonly AnyDesign[]).filter(({ id }) => id.startsWith(prefix));
const ofSafety = chosen.filter(isOfSafety);
console.log(`random, pct, pos: schedules, the median of seeds ${seeds.join(', ')}; at most ${runs} of ${depth} steps; pct for bugs of depth ${bugDepth}
dpor: executions; at most ${stepsOfEachActor} steps of each actor, ${count(transitionsOfDpor)} transitions
bitstate: states, seed 1; at most ${count(transitionsOfBitstate)} transitions
swarm: states of ${members} such searches with seeds 1 to ${members}, one after the other up to the one that finds it, each at most ${count(transitionsOfBitstate / members)} transitions
preemptions: the fewest, of searches of ${count(states)} states; shortest: steps, of a search of ${count(states)} states
"> n": not found in so many\n`);
console.log(`| mutant | ${columns.map(([name]) => name).join(' | ')} | shrunk to |`);
console.log(`|---|${columns.map(() => '---:|').join('')}---:|`);
for (const [n, mutant] of ofSafety.entries()) {
  process.stderr.write(`[${n + 1}/${ofSafety.length}] ${mutant.id}\n`);
  const cells = columns.map(([, measure]) => measure(() => memoise(compile(mutant))));
  const lengths = cells.flatMap((cell) => cell.lengths);
  const range = lengths.length > 0 ? `${Math.min(...lengths)} to ${Math.max(...lengths)}` : '-';
  console.log(`| ${mutant.id} | ${cells.map(({ text }) => text).join(' | ')} | ${range} |`);
}
const others = chosen.filter((mutant) => !isOfSafety(mutant)).map(({ id }) => id);
if (others.length > 0) console.log(`\nOnly \`check --liveness\` finds these: ${others.join(', ')}`);

function isOfSafety({ properties, mutation }: AnyDesign): boolean {
  const broken = (properties as readonly Property[]).find(({ id }) => id === mutation?.breaks);
  return !broken || checkKindOf(broken) === 'safety';
}

/** The middle one; a search that found nothing counts as the longest. */
function drawn(strategy: SchedulerName, program: () => Program): Cell {
  const found = seeds.map((seed) => runEngine(sampleSchedules(program(), { strategy, seed, runs, depth, bugDepth })));
  const schedules = found.map(({ verdict, sampled }) =>
    verdict === 'violated' ? (sampled?.runs as number) : Infinity,
  );
  const middle = schedules.sort((a, b) => a - b)[schedules.length >> 1] as number;
  return cellOf(found, Number.isFinite(middle) ? count(middle) : `> ${count(runs)}`);
}

function byTraces(program: () => Program): Cell {
  const found = search(dpor(program(), { depth: stepsOfEachActor }), transitionsOfDpor);
  const { executions = 0 } = found.dpor ?? {};
  return cellOf([found], found.verdict === 'violated' ? count(executions + 1) : `> ${count(executions)}`);
}

function byBits(program: () => Program): Cell {
  const found = search(bitstate(program(), { seed: 1, depth: 10_000, bytes: 2 ** 26 }), transitionsOfBitstate);
  return cellOf([found], `${found.verdict === 'violated' ? '' : '> '}${count(found.states)}`);
}

function bySwarm(program: () => Program): Cell {
  let seen = 0;
  for (let seed = 1; seed <= members; seed++) {
    const engine = bitstate(program(), { seed, depth: 10_000, bytes: 2 ** 26 / members });
    const found = search(engine, transitionsOfBitstate / members);
    seen += found.states;
    if (found.verdict === 'violated') return cellOf([found], count(seen));
  }
  return cellOf([], `> ${count(seen)}`);
}

function fewestPreemptions(program: () => Program): Cell {
  for (let bound = 0; bound <= mostPreemptions; bound++) {
    const { verdict, stoppedBy } = runEngine(preemptionBoundedSearch(program(), bound, { maxStates: states }));
    if (verdict === 'violated') return cellOf([], String(bound));
    if (stoppedBy !== 'preemptions') return cellOf([], `≥ ${bound}`);
  }
  return cellOf([], `> ${mostPreemptions}`);
}

function shortest(program: () => Program): Cell {
  const { violation, depth: reached } = runEngine(breadthFirstSearch(program(), { maxStates: states }));
  return cellOf([], violation ? String(violation.schedule.length) : `> ${reached - 1}`);
}

/** Lets an engine go on to its end, or for so many transitions. */
function search(engine: Generator<Progress, Exploration, StopReason | undefined>, most: number): Exploration {
  return runEngine(engine, ({ transitions }) => (transitions > most ? 'max-states' : undefined));
}
