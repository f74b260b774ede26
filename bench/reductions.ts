/**
 * `npm run reductions [PREFIX]`: each reduction against "off", on every design and mutant whose name begins so, with two vCPUs of a kind and one
 * page: verdicts, broken properties, depths and covers have to be equal; the states that symmetry keeps have to stand for as many as there are,
 * and partial order has to keep them all, and both together those that symmetry keeps. Where symmetry is refused, its cells are empty, and the
 * reason stands below. Ends with 1 if something differs.
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

const sizes = { vcpus: 2, pages: 1, emulatingVcpus: 0 };
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
console.log(`sizes ${JSON.stringify(sizes)}\n`);
console.log(`| design | verdict | ${columns.join(' | ')} |`);
console.log(`|---|---|${columns.map(() => '---:|').join('')}`);
for (const design of [...designs, ...mutants] as readonly AnyDesign[]) {
  if (design.memoryModel !== 'tso' && design.id.startsWith(prefix)) console.log(rowOf(design));
}
for (const refusal of refusals) console.log(refusal);

function rowOf(design: AnyDesign): string {
  const program = () => memoise(compile(design, sizes));
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
    const standFor = all.verdict === 'holds' ? sumOfOrbitSizes(design, sizes) : all.states;
    if (standFor !== all.states) wrong.push(`those kept by symmetry stand for ${standFor} states`);
    cells.splice(1, 2, `${few.states} (/ ${(all.states / few.states).toFixed(2)})`, slower(all, few));
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

/** How many transitions a reduction leaves, and what it costs. */
function saving(all: Timed, few: Timed): [string, string] {
  return [`${few.transitions} (/ ${(all.transitions / few.transitions).toFixed(2)})`, slower(all, few)];
}

function slower(all: Timed, few: Timed): string {
  return `× ${(few.seconds / all.seconds).toFixed(1)}`;
}

/** What has to be the same with and without a reduction; a search that ends early has not seen all covers. */
function summaryOf({ verdict, violation, depth, covers }: Exploration): string {
  const hits = verdict === 'holds' ? covers.filter(({ hit }) => hit).map(({ id }) => id) : [];
  return [verdict, violation?.property, depth, ...hits].join(' ');
}
