import { expect, it } from 'vitest';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { StepOutcome } from '../../../src/compile/program.ts';
import { createSuccessorGenerator } from '../../../src/search/successors/successor-factory.ts';
import { SymmetryReducedProgram } from '../../../src/search/symmetry/symmetry.ts';
import { plain } from '../../model/extension.ts';

it('an orbit has one fingerprint from each of its predecessors, and each half of it tells orbits apart', () => {
  const program = new SymmetryReducedProgram(memoise(compile(plain, { workers: 4 })));
  const generator = createSuccessorGenerator(program);
  const size = program.state.length + generator.hashWords;
  program.reset();
  const initial = new Int32Array(size);
  generator.begin(1 << 24);
  generator.writeInitial(initial);
  /** the fingerprint of each orbit, by one of its states */
  const fingerprints = new Map<string, string>();
  const orbitOf = (from: Int32Array): string => {
    const images = program.permutations.map((permutation) => {
      const image = new Int32Array(program.state.length);
      permutation.apply(from.subarray(0, image.length), image);
      return image.join();
    });
    return images.sort()[0] as string;
  };
  const queue = [initial];
  fingerprints.set(orbitOf(initial), `${generator.high} ${generator.low}`);
  for (const from of queue) {
    const count = generator.enumerate(from, 0);
    for (let n = 0; n < count; n++) {
      if (generator.evaluate(n) !== StepOutcome.taken) continue;
      const fingerprint = `${generator.high} ${generator.low}`;
      const into = new Int32Array(size);
      generator.materialize(generator.transitionId(n), from, 0, into, 0);
      const orbit = orbitOf(into);
      if (!fingerprints.has(orbit)) queue.push(into);
      expect(fingerprints.get(orbit) ?? fingerprint).toBe(fingerprint);
      fingerprints.set(orbit, fingerprint);
    }
  }
  const halves = [0, 1].map((half) => new Set([...fingerprints.values()].map((text) => text.split(' ')[half])));
  expect(halves.map(({ size: distinct }) => distinct)).toEqual([fingerprints.size, fingerprints.size]);
});
