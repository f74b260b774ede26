/**
 * `npm run reductions [PREFIX]`: compares each reduction with a search without, on every design and mutant whose id
 * begins with PREFIX, with two interchangeable vCPUs and one page. Verdicts, violated properties, depths and covers
 * must be equal. The orbits of the states that symmetry keeps must add up to all states; partial order must keep all
 * states, and both together must keep those of symmetry. If symmetry is refused, its cells are empty and the reason is
 * printed below. Exit code 1: something differs.
 */
import { designs } from '../machines/designs/index.ts';
import { mutants } from '../machines/mutants/index.ts';
import { memoise } from '../src/cache/cached-program.ts';
import { compile } from '../src/compile/compile.ts';
import type { AnyDesign } from '../src/model/design.ts';
import { PrecopyError } from '../src/model/errors.ts';
import { breadthFirstSearch } from '../src/search/bfs/breadth-first-search.ts';
import type { Exploration } from '../src/search/exploration.ts';
import { runEngine } from '../src/search/run-engine.ts';
import { symmetryReducedSearch } from '../src/search/symmetry/symmetry-search.ts';
import { sumOfOrbitSizes } from '../test/support/orbits.ts';

interface Timed extends Exploration {
  readonly seconds: number;
}

const params = { vcpus: 2, pages: 1, emulatingVcpus: 0 };
const [prefix = ''] = process.argv.slice(2);
const refusals: string[] = [];

const columns = [
  'states',
  'by symmetry',
  'seconds',
  'transitions',
  'by partial order',
  'seconds',
  'by both',
  'seconds',
];
console.log(`params ${JSON.stringify(params)}\n`);
console.log(`| design | verdict | ${columns.join(' | ')} |`);
console.log(`|---|---|${columns.map(() => '---:|').join('')}`);
for (const design of [...designs, ...mutants] as readonly AnyDesign[]) {
  if (design.memoryModel !== 'tso' && design.id.startsWith(prefix)) console.log(rowOf(design));
}
for (const refusal of refusals) console.log(refusal);

function rowOf(design: AnyDesign): string {
  const program = () => memoise(compile(design, params));
  const all = timed(() => runEngine(breadthFirstSearch(program())));
  const ordered = timed(() => runEngine(breadthFirstSearch(program(), { partialOrder: true })));
  const wrong = ordered.states === all.states ? [] : ['partial order loses states'];
  const reduced = [ordered];
  const cells = [`${all.states}`, '', '', `${all.transitions}`, ...saving(all, ordered), '', ''];
  try {
    const few = timed(() => runEngine(symmetryReducedSearch(program())));
    const both = timed(() => runEngine(symmetryReducedSearch(program(), { partialOrder: true })));
    reduced.push(few, both);
    if (both.states !== few.states) wrong.push('both keep other states than symmetry');
    const orbitStates = all.verdict === 'holds' ? sumOfOrbitSizes(design, params) : all.states;
    if (orbitStates !== all.states) wrong.push(`the orbits kept by symmetry have ${orbitStates} states`);
    cells.splice(1, 2, `${few.states} (/ ${(all.states / few.states).toFixed(2)})`, relativeTime(all, few));
    cells.splice(6, 2, ...saving(all, both));
  } catch (error) {
    if (!(error instanceof PrecopyError) || error.code !== 'NOT_SOUND') throw error;
    refusals.push(error.message);
  }
  for (const one of reduced)
    if (summaryOf(one) !== summaryOf(all)) wrong.push(`${summaryOf(one)}, not ${summaryOf(all)}`);
  if (wrong.length > 0) process.exitCode = 1;
  return `| ${design.id} | ${wrong.length > 0 ? `DIFFERENT: ${wrong.join('; ')}` : all.verdict} | ${cells.join(' | ')} |`;
}

function timed(search: () => Exploration): Timed {
  const start = performance.now();
  return { ...search(), seconds: (performance.now() - start) / 1000 };
}

/** Returns the transitions that a reduction leaves, and its time relative to the search without. */
function saving(all: Timed, few: Timed): [string, string] {
  return [`${few.transitions} (/ ${(all.transitions / few.transitions).toFixed(2)})`, relativeTime(all, few)];
}

function relativeTime(all: Timed, few: Timed): string {
  return `× ${(few.seconds / all.seconds).toFixed(1)}`;
}

/** Returns what must be equal with and without a reduction. A search that ends early has not seen all covers. */
function summaryOf({ verdict, violation, depth, covers }: Exploration): string {
  const hits = verdict === 'holds' ? covers.filter(({ hit }) => hit).map(({ id }) => id) : [];
  return [verdict, violation?.property, depth, ...hits].join(' ');
}
