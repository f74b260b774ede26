import { breadthFirstSearch, compile, counter, type Limits, memoise, type Progress, runEngine } from 'precopy';
import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { defineDesign } from '../../../src/model/define-design.ts';
import { defineSystem, shared } from '../../../src/model/system.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';

/** Each step reads all cells, so that there are as many effects as steps: more than a cache may hold. */
function sums(cells: number) {
  const system = defineSystem({
    name: 'sums',
    memory: () => ({ m: shared({ c: Array.from({ length: cells }, () => counter(3)) }) }),
    actors: { it: 'one' },
  });
  const it = system
    .actor({ events: { ADD: { field: 'i', size: () => cells } } })
    .setup({
      actions: {
        add: ({ context: { m }, event }) => {
          let sum = 1;
          for (let n = 0; n < cells; n++) sum += m.c(n).get() * (n + 1);
          m.c(event.i).set(sum % 4);
        },
      },
    })
    .createMachine({
      id: 'it',
      initial: 's',
      states: { s: { on: { ADD: { actions: 'add', meta: { coarse: 'a sum' } } } } },
    });
  return defineDesign({ id: 'sums', title: 'sums', system, machines: { it }, properties: [] });
}

const search = (design: Parameters<typeof compile>[0], params: Readonly<Record<string, number>>, limits?: Limits) => {
  const progress: Progress[] = [];
  const program = memoise(compile(design, params));
  const result = runEngine(breadthFirstSearch(program, limits), (now) => void progress.push(now));
  return { result, progress };
};

describe('a search with less memory than its caches would take', () => {
  const maxMemoryBytes = 3 * 2 ** 20;

  it('cuts blocks short, and finds the same states by the same steps', () => {
    const { result, progress } = search(sums(6), {}, { maxMemoryBytes });
    const { result: expected, progress: blocks } = search(sums(6), {});
    const figures = ({ verdict, states, transitions, depth }: typeof result) => ({
      verdict,
      states,
      transitions,
      depth,
    });
    expect(figures(result)).toEqual(figures(expected));
    expect(figures(result)).toEqual(figures(runEngine(breadthFirstSearch(compile(sums(6))))));
    expect(progress.length, 'more blocks than with plenty of memory').toBeGreaterThan(2 * blocks.length);
    expect(Math.max(...progress.map(({ memoryBytes }) => memoryBytes))).toBeLessThan(1.5 * maxMemoryBytes);
  });

  it('finds the same under symmetry, with a property that is not symmetric', () => {
    const { properties } = rmapXchg.system;
    const first = properties.reachable(
      { id: 'first', description: 'the first vCPU alone is in guest mode' },
      ({ kvm, actors }) => kvm.inGuestMode.count() === 1 && kvm.inGuestMode.has(actors.vcpu[0] as number),
    );
    const design = { ...rmapXchg, properties: [...rmapXchg.properties, first] };
    const params = { vcpus: 2, pages: 1, emulatingVcpus: 0, loggingOn: 1 };
    const reduced = (limits?: Limits) => {
      let blocks = 0;
      const result = runEngine(symmetryReducedSearch(memoise(compile(design, params)), limits), () => void blocks++);
      return { blocks, result: { ...result, tableBytes: 0 } };
    };
    const [little, plenty] = [reduced({ maxMemoryBytes: 2 ** 21 }), reduced()];
    expect(little.result).toEqual(plenty.result);
    expect(little.blocks).toBeGreaterThan(plenty.blocks);
  });

  it('finds the same with sleep sets and coverage', () => {
    for (const limits of [{ partialOrder: true }, { coverage: true }]) {
      const { result } = search(rmapXchg, { vcpus: 1, pages: 1 }, { ...limits, maxMemoryBytes: 2 ** 22 });
      const { result: expected } = search(rmapXchg, { vcpus: 1, pages: 1 }, limits);
      expect({ ...result, tableBytes: 0 }).toEqual({ ...expected, tableBytes: 0 });
    }
  });
});
