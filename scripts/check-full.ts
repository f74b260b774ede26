/**
 * `npm run check:full`: searches the parameters that take too long for the tests, and compares with the pinned counts.
 */
import { designs } from '../machines/designs/index.ts';
import { memoise } from '../src/cache/cached-program.ts';
import { compile } from '../src/compile/compile.ts';
import type { AnyDesign } from '../src/model/design.ts';
import { breadthFirstSearch } from '../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../src/search/run-engine.ts';
import { fullCounts } from '../test/search/full-counts.ts';

let failures = 0;
for (const { design: id, params, missed = [], ...expected } of fullCounts) {
  const design = (designs as readonly AnyDesign[]).find((one) => one.id === id) as AnyDesign;
  const { verdict, states, transitions, depth, covers } = runEngine(
    breadthFirstSearch(memoise(compile(design, params))),
  );
  const notHit = covers.flatMap(({ id, hit }) => (hit ? [] : [id]));
  const found = JSON.stringify({ verdict, states, transitions, depth, missed: notHit });
  const pinned = JSON.stringify({ verdict: 'holds', ...expected, missed });
  const name = `${id} ${Object.entries(params).flat().join(' ')}`;
  if (found !== pinned) failures++;
  console.log(found === pinned ? `${name}: holds, ${states} states` : `${name}: found ${found}, pinned ${pinned}`);
}
console.log(`${fullCounts.length - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;
