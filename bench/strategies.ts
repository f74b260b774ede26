/**
 * `npm run strategies [PREFIX]`: how soon each strategy finds the bug of every mutant whose id begins with PREFIX, at
 * the default parameters. The bounds and units are printed above the table, which docs/strategies.md explains. Progress
 * goes to stderr.
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

/** The work up to the first violation, or all the work if there was none. */
interface Cell {
  readonly text: string;
  /** lengths of the shrunk counterexamples */
  readonly lengths: readonly number[];
}

const seeds = [1, 2, 3];
const runs = 1000;
const depth = 200;
const bugDepth = 3;
const stepsPerActor = 8;
const maxDporTransitions = 100_000;
const maxBitstateTransitions = 1_000_000;
const swarmMembers = 8;
const states = 200_000;
const maxPreemptions = 2;
const names = Object.keys(schedulers) as SchedulerName[];

const count = (n: number): string => n.toLocaleString('en-US');
const cellOf = (found: readonly Exploration[], text: string): Cell => ({
  text,
  lengths: found.flatMap(({ violation }) => violation?.schedule.length ?? []),
});
const columns: readonly (readonly [name: string, measure: (program: () => Program) => Cell])[] = [
  ...names.map((name) => [name, (program: () => Program) => bySampling(name, program)] as const),
  ['dpor', byDpor],
  ['bitstate', byBitstate],
  ['swarm', bySwarm],
  ['preemptions', fewestPreemptions],
  ['shortest', shortest],
];

const [prefix = ''] = process.argv.slice(2);
const chosen = (mutants as readonly AnyDesign[]).filter(({ id }) => id.startsWith(prefix));
const safetyBugs = chosen.filter(isSafetyBug);
console.log(`random, pct, pos: schedules, the median of seeds ${seeds.join(', ')}; at most ${runs} of ${depth} steps; pct for bugs of depth ${bugDepth}
dpor: executions; at most ${stepsPerActor} steps of each actor, ${count(maxDporTransitions)} transitions
bitstate: states, seed 1; at most ${count(maxBitstateTransitions)} transitions
swarm: states of ${swarmMembers} such searches with seeds 1 to ${swarmMembers}, one after the other up to the first violation, each at most ${count(maxBitstateTransitions / swarmMembers)} transitions
preemptions: the fewest, of searches of ${count(states)} states; shortest: steps, of a search of ${count(states)} states
"> n": no violation within n\n`);
console.log(`| mutant | ${columns.map(([name]) => name).join(' | ')} | shrunk to |`);
console.log(`|---|${columns.map(() => '---:|').join('')}---:|`);
for (const [n, mutant] of safetyBugs.entries()) {
  process.stderr.write(`[${n + 1}/${safetyBugs.length}] ${mutant.id}\n`);
  const cells = columns.map(([, measure]) => measure(() => memoise(compile(mutant))));
  const lengths = cells.flatMap((cell) => cell.lengths);
  const range = lengths.length > 0 ? `${Math.min(...lengths)} to ${Math.max(...lengths)}` : '-';
  console.log(`| ${mutant.id} | ${cells.map(({ text }) => text).join(' | ')} | ${range} |`);
}
const others = chosen.filter((mutant) => !isSafetyBug(mutant)).map(({ id }) => id);
if (others.length > 0) console.log(`\nOnly \`check --liveness\` finds these: ${others.join(', ')}`);

function isSafetyBug({ properties, mutation }: AnyDesign): boolean {
  const broken = (properties as readonly Property[]).find(({ id }) => id === mutation?.breaks);
  return !broken || checkKindOf(broken) === 'safety';
}

/** Samples schedules with each seed and takes the median. A search without a violation counts as the longest. */
function bySampling(strategy: SchedulerName, program: () => Program): Cell {
  const found = seeds.map((seed) => runEngine(sampleSchedules(program(), { strategy, seed, runs, depth, bugDepth })));
  const schedules = found.map(({ verdict, sampled }) =>
    verdict === 'violated' ? (sampled?.runs as number) : Infinity,
  );
  const middle = schedules.sort((a, b) => a - b)[schedules.length >> 1] as number;
  return cellOf(found, Number.isFinite(middle) ? count(middle) : `> ${count(runs)}`);
}

function byDpor(program: () => Program): Cell {
  const found = search(dpor(program(), { depth: stepsPerActor }), maxDporTransitions);
  const { executions = 0 } = found.dpor ?? {};
  return cellOf([found], found.verdict === 'violated' ? count(executions + 1) : `> ${count(executions)}`);
}

function byBitstate(program: () => Program): Cell {
  const found = search(bitstate(program(), { seed: 1, depth: 10_000, bytes: 2 ** 26 }), maxBitstateTransitions);
  return cellOf([found], `${found.verdict === 'violated' ? '' : '> '}${count(found.states)}`);
}

function bySwarm(program: () => Program): Cell {
  let seen = 0;
  for (let seed = 1; seed <= swarmMembers; seed++) {
    const engine = bitstate(program(), { seed, depth: 10_000, bytes: 2 ** 26 / swarmMembers });
    const found = search(engine, maxBitstateTransitions / swarmMembers);
    seen += found.states;
    if (found.verdict === 'violated') return cellOf([found], count(seen));
  }
  return cellOf([], `> ${count(seen)}`);
}

function fewestPreemptions(program: () => Program): Cell {
  for (let bound = 0; bound <= maxPreemptions; bound++) {
    const { verdict, stoppedBy } = runEngine(preemptionBoundedSearch(program(), bound, { maxStates: states }));
    if (verdict === 'violated') return cellOf([], String(bound));
    if (stoppedBy !== 'preemptions') return cellOf([], `≥ ${bound}`);
  }
  return cellOf([], `> ${maxPreemptions}`);
}

function shortest(program: () => Program): Cell {
  const { violation, depth: reached = 0 } = runEngine(breadthFirstSearch(program(), { maxStates: states }));
  return cellOf([], violation ? String(violation.schedule.length) : `> ${reached - 1}`);
}

/** Runs an engine to its end or up to `most` transitions. */
function search(engine: Generator<Progress, Exploration, StopReason | undefined>, most: number): Exploration {
  return runEngine(engine, ({ transitions }) => (transitions > most ? 'max-states' : undefined));
}
