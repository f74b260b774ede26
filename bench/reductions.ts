/**
 * `npm run reductions`: each reduction against "off", on every design and mutant, with two vCPUs of a kind and one page: verdicts, broken
 * properties, depths and covers have to be equal; the states that symmetry keeps have to stand for as many as there are, and partial order has
 * to keep them all, and both together those that symmetry keeps. Ends with 1 if not.
 */
import { designs } from '../machines/designs.ts';
import { mutants } from '../machines/mutants.ts';
import { memoise } from '../src/compile/memoise.ts';
import { compile, type Program } from '../src/compile/program.ts';
import { exhaustive, type Limits } from '../src/explore/exhaustive.ts';
import { finish } from '../src/explore/finish.ts';
import type { Exploration } from '../src/explore/result.ts';
import { Symmetric } from '../src/explore/symmetry.ts';
import type { AnyDesign } from '../src/model/design.ts';
import { statesStoodFor } from '../test/support/orbits.ts';

const sizes = { vcpus: 2, pages: 1, emulatingVcpus: 0 };

console.log(`sizes ${JSON.stringify(sizes)}\n`);
console.log(
  '| design | verdict | states | by symmetry | stand for | states | seconds | transitions | by partial order | transitions | seconds |',
);
console.log('|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|');
for (const design of [...designs, ...mutants] as readonly AnyDesign[]) {
  if (design.memoryModel === 'tso') continue;
  const [all, seconds] = timed(memoise(compile(design, sizes)));
  const symmetric = new Symmetric(memoise(compile(design, sizes)));
  const [few, fewSeconds] = timed(symmetric);
  const standFor = few.verdict === 'holds' ? statesStoodFor(design, sizes) : undefined;
  const [ordered, orderedSeconds] = timed(memoise(compile(design, sizes)), { partialOrder: true });
  const isEqual =
    [few, ordered].every((reduced) => summaryOf(all) === summaryOf(reduced)) &&
    (standFor === undefined || standFor === all.states) &&
    timed(new Symmetric(memoise(compile(design, sizes))), { partialOrder: true })[0].states === few.states &&
    ordered.states === all.states;
  if (!isEqual) process.exitCode = 1;
  const saved = `/ ${(all.states / few.states).toFixed(2)}`;
  const slower = `× ${(fewSeconds / seconds).toFixed(1)}`;
  const savedByOrder = `/ ${(all.transitions / ordered.transitions).toFixed(2)}`;
  const slowerByOrder = `× ${(orderedSeconds / seconds).toFixed(1)}`;
  console.log(
    `| ${design.id} | ${isEqual ? all.verdict : `DIFFERENT: ${summaryOf(all)} and ${summaryOf(few)}`} | ${all.states} | ${few.states} | ${standFor ?? ''} | ${saved} | ${slower} | ${all.transitions} | ${ordered.transitions} | ${savedByOrder} | ${slowerByOrder} |`,
  );
}

function timed(program: Program, limits?: Limits): [Exploration, number] {
  const start = performance.now();
  const found = finish(exhaustive(program, limits));
  return [found, performance.now() - start];
}

/** What has to be the same with and without a reduction; a search that ends early has not seen all covers. */
function summaryOf({ verdict, violation, depth, covers }: Exploration): string {
  const hits = verdict === 'holds' ? covers.filter(({ hit }) => hit).map(({ id }) => id) : [];
  return [verdict, violation?.property, depth, ...hits].join(' ');
}
