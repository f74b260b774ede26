import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import {
  breadthFirstSearch,
  compile,
  defineDesign,
  defineSystem,
  type Exploration,
  type Limits,
  type Progress,
  runEngine,
  type StopReason,
} from '../../../src/index.ts';
import { instantiate } from '../../../src/model/instance.ts';
import { bitstate } from '../../../src/search/dfs/bitstate.ts';
import { sampleSchedules } from '../../../src/search/random/schedule-sampling.ts';
import { explore } from '../../support/explore.ts';

const small = { vcpus: 1, pages: 1, loggingOn: 1 };
const statesOfSmall = 1_090;

describe('a search that is stopped', () => {
  /** Runs a search on `rmap-xchg`, and gives it a reason to stop after some turns. */
  function stopped(
    sizes: object,
    limits: Limits,
    reason?: StopReason,
    turns = 0,
  ): { result: Exploration; progress: Progress[] } {
    const progress: Progress[] = [];
    const result = runEngine(breadthFirstSearch(compile(rmapXchg, { ...sizes }), limits), (now) => {
      progress.push(now);
      return progress.length > turns ? reason : undefined;
    });
    return { result, progress };
  }

  function expectPartial(result: Exploration, stoppedBy: StopReason): void {
    expect(result.verdict).toBe('inconclusive');
    expect(result.stoppedBy).toBe(stoppedBy);
    expect(result.violation).toBeUndefined();
    expect(result.states).toBeGreaterThan(0);
    expect(result.frontier).toBeGreaterThan(0);
    expect(result.depth).toBeGreaterThan(0);
    expect(result.transitions).toBeGreaterThanOrEqual(result.states);
    expect(result.tableBytes).toBeGreaterThan(0);
    expect(new Set(result.properties.map(({ verdict }) => verdict))).toEqual(new Set(['inconclusive']));
    expect(result.properties.map(({ id }) => id)).toContain('well-formed');
    expect(result.covers.length).toBeGreaterThan(0);
  }

  it('by a number of states', () => {
    const { result } = stopped(small, { maxStates: 300 });
    expectPartial(result, 'max-states');
    expect(result.states).toBeGreaterThanOrEqual(300);
    expect(result.states).toBeLessThan(600);
  });

  it('not by a number of states above that of the design', () => {
    const { result } = stopped(small, { maxStates: statesOfSmall + 1 });
    expect(result).toMatchObject({ verdict: 'holds', states: statesOfSmall, frontier: 0 });
    expect(result.stoppedBy).toBeUndefined();
  });

  it('by a memory limit', () => {
    const maxMemoryBytes = 2 * 1024 ** 2;
    const { result, progress } = stopped({ vcpus: 2, pages: 2 }, { maxMemoryBytes });
    expectPartial(result, 'max-memory');
    for (const { memoryBytes } of progress) expect(memoryBytes).toBeLessThan(maxMemoryBytes);
    expect(result.tableBytes).toBeLessThan(1.5 * maxMemoryBytes);
  });

  it('at once, if the initial tables exceed the memory limit', () => {
    const { result } = stopped(small, { maxMemoryBytes: 1 });
    expectPartial(result, 'max-memory');
    expect(result.frontierBytes).toBeGreaterThan(0);
  });

  it.each(['time', 'interrupt'] as const)('by whoever drives it, for the reason %s', (reason) => {
    const { result, progress } = stopped({ vcpus: 2, pages: 2 }, {}, reason, 5);
    expectPartial(result, reason);
    expect(progress.length).toBe(6);
  });

  it('reports its progress', () => {
    const { progress, result } = stopped(small, {});
    expect(progress.length).toBeGreaterThan(3);
    for (const [n, { states, transitions, depth, frontier, memoryBytes }] of progress.entries()) {
      const before = progress[n - 1] ?? { states: 0, transitions: 0, depth: 0 };
      expect(states).toBeGreaterThanOrEqual(before.states);
      expect(transitions).toBeGreaterThanOrEqual(before.transitions);
      expect(depth).toBeGreaterThanOrEqual(before.depth);
      expect(depth).toBeLessThanOrEqual(result.depth as number);
      expect(frontier).toBeGreaterThan(0);
      expect(memoryBytes).toBeGreaterThan(0);
    }
  });
});

describe('a design with more choices than a search supports', () => {
  const system = defineSystem({
    name: 'wide',
    params: { wide: { default: 70_000, min: 1, max: 2_000_000, description: 'choices' } },
    memory: () => ({}),
    actors: { hand: 'one' },
  });
  const hand = system
    .actor({ events: { PICK: { field: 'n', size: ({ wide }) => wide } } })
    .setup({ actions: {} })
    .createMachine({ id: 'hand', initial: 's', states: { s: { on: { PICK: 's' } } } });
  const wideDesign = defineDesign({ id: 'wide', title: 'wide', system, machines: { hand }, properties: [] });

  it('is refused', () => {
    expect(instantiate(wideDesign).params).toEqual({ wide: 70_000 });
    const refused = expect.objectContaining({ code: 'BAD_PARAMETER' });
    expect(() => explore(wideDesign)).toThrow(refused);
    expect(() => runEngine(bitstate(compile(wideDesign), { seed: 1, depth: 1, bytes: 1024 }))).toThrow(refused);
  });

  it('can be sampled, unless it exceeds the limit of sampling', () => {
    const draw = { strategy: 'random', seed: 1, runs: 1, depth: 1, bugDepth: 1 } as const;
    expect(runEngine(sampleSchedules(compile(wideDesign), draw)).transitions).toBe(2);
    const tooMany = compile(wideDesign, { wide: 2_000_000 });
    expect(() => runEngine(sampleSchedules(tooMany, draw))).toThrow(expect.objectContaining({ code: 'BAD_PARAMETER' }));
  });
});
