/** Searches the sizes that are too long for the unit suite, and compares with the pinned counts: `npm run check:full`. */
import { designs } from '../machines/designs.ts';
import { memoise } from '../src/cache/cached-program.ts';
import { compile } from '../src/compile/program.ts';
import type { AnyDesign } from '../src/model/design.ts';
import { breadthFirstSearch } from '../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../src/search/run-engine.ts';
import { fullCounts } from '../test/search/full-counts.ts';

let wrong = 0;
for (const { design: id, params, missed = [], ...expected } of fullCounts) {
  const design = (designs as readonly AnyDesign[]).find((one) => one.id === id) as AnyDesign;
  const { verdict, states, transitions, depth, covers } = runEngine(
    breadthFirstSearch(memoise(compile(design, params))),
  );
  const notHit = covers.flatMap(({ id, hit }) => (hit ? [] : [id]));
  const found = JSON.stringify({ verdict, states, transitions, depth, missed: notHit });
  const pinned = JSON.stringify({ verdict: 'holds', ...expected, missed });
  const name = `${id} ${Object.entries(params).flat().join(' ')}`;
  if (found !== pinned) wrong++;
  console.log(found === pinned ? `${name}: holds, ${states} states` : `${name}: found ${found}, pinned ${pinned}`);
}
console.log(`${fullCounts.length - wrong} passed, ${wrong} failed`);
process.exitCode = wrong === 0 ? 0 : 1;
