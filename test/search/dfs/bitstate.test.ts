import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { searchBySwarm } from '../../../src/app/workers/swarm-worker-pool.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { type BitstateOptions, bitstate } from '../../../src/search/dfs/bitstate.ts';
import { mergeSwarmResults, type SwarmMember } from '../../../src/search/dfs/swarm.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { BloomFilter } from '../../../src/search/storage/bloom-filter.ts';
import { HyperLogLog } from '../../../src/search/storage/hyperloglog.ts';
import { explore } from '../../support/explore.ts';
import { threads } from '../../support/threads.ts';

const options: BitstateOptions = { seed: 1, depth: 10_000, bytes: 1 << 20 };
const small = { vcpus: 1, pages: 1 };
const mutant = (mutants as readonly AnyDesign[]).find(({ id }) => id === 'rmap-xchg/nonatomic-mark') as AnyDesign;

const search = (design: AnyDesign, more: Partial<BitstateOptions> = {}, params = {}): Exploration =>
  runEngine(bitstate(memoise(compile(design, params)), { ...options, ...more }));

describe('bitstate hashing', () => {
  it('visits all states and hits all covers in a sparse Bloom filter, and proves nothing', () => {
    const all = explore(rmapXchg, small);
    const exploration = search(rmapXchg, {}, small);
    expect(exploration).toMatchObject({
      verdict: 'inconclusive',
      stoppedBy: 'bits',
      states: all.states,
      covers: all.covers,
    });
    expect(exploration.transitions).toBe(all.transitions);
    expect(exploration.properties.map(({ verdict }) => verdict)).not.toContain('holds');
    expect(exploration.bitstate).toMatchObject({ seed: 1, bits: 2 ** 23, hashesPerState: 3, depthBoundReached: false });
  });

  it('estimates how many of the states encountered it omitted', () => {
    const visited = new BloomFilter(4096, 1);
    const count = 10_000;
    let added = 0;
    for (let n = 0; n < count; n++) if (visited.add(Math.imul(n, 0x9e3779b1), n)) added++;
    const omitted = count - added;
    expect(omitted).toBeGreaterThan(500);
    expect(Math.abs(visited.expectedOmissions / omitted - 1)).toBeLessThan(0.1);
    expect(search(rmapXchg, { bytes: 512 }, small).bitstate?.expectedOmissions).toBeGreaterThan(10);
  });

  it('gives equal results for equal seeds, and omits other states for another seed', () => {
    const [first, repeated, other] = [1, 1, 2].map((seed) => search(rmapXchg, { bytes: 1024, seed }, small));
    expect(first).toEqual(repeated);
    expect(first?.states).not.toBe(other?.states);
  });

  it('shrinks a counterexample, which live actors confirm', () => {
    const { violation, bitstate } = search(mutant);
    expect(violation?.schedule.length).toBeLessThan(bitstate?.stepsFound as number);
    expect(replay(mutant, {}, violation?.schedule ?? []).violation?.property).toBe(violation?.property);
  });

  it('finds a deadlock, and reports whether it reached the depth bound', () => {
    const design = threads([['w0'], ['w0']], ({ properties }) => [
      properties.noDeadlock({ id: 'goes-on', description: '' }),
    ]);
    expect(search(design).violation).toMatchObject({
      property: 'goes-on',
      schedule: expect.objectContaining({ length: 2 }),
    });
    expect(search(design, { depth: 1 })).toMatchObject({
      verdict: 'inconclusive',
      bitstate: { depthBoundReached: true },
    });
  });

  it('stops for a given reason', () => {
    const engine = bitstate(compile(rmapXchg), options);
    engine.next();
    expect(engine.next('time').value).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'time' });
  });
});

describe('a swarm', () => {
  const members = (seeds: readonly number[], design: AnyDesign, bytes = options.bytes, params = {}): SwarmMember[] =>
    seeds.map((seed) => {
      const sketch = new HyperLogLog();
      const engine = bitstate(memoise(compile(design, params)), { ...options, bytes, seed }, sketch);
      return { exploration: runEngine(engine), registers: sketch.registers };
    });

  it('visits more states than each of its members', () => {
    const { states, swarm } = mergeSwarmResults(members([1, 2, 3], rmapXchg, 512, small));
    expect(swarm?.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    for (const member of swarm ?? []) expect(states).toBeGreaterThan(member.states);
  });

  it('reports the violation of the least seed, whichever member was the fastest', () => {
    const [first] = members([1], rmapXchg, 512, small);
    const [second, third] = members([2, 3], mutant);
    const all = [first, second, third] as SwarmMember[];
    expect(second?.exploration.verdict).toBe('violated');
    expect(mergeSwarmResults(all)).toEqual(mergeSwarmResults(all.slice(0, 2)));
    expect(mergeSwarmResults(all).violation).toEqual(second?.exploration.violation);
  });

  it('finds the same on workers as on one thread', async () => {
    const ref = { design: mutant.id, file: undefined, memoryModel: undefined, params: compile(mutant).params };
    const { exploration } = await searchBySwarm(ref, { ...options, members: 2 }, { workers: 2, stop: () => undefined });
    expect(exploration).toEqual(mergeSwarmResults(members([1, 2], mutant)));
  });

  it('ends with the exception of a worker, as it was', async () => {
    const ref = { design: 'x', file: 'no-such-file.ts', memoryModel: undefined, params: {} };
    const run = searchBySwarm(ref, { ...options, members: 2 }, { workers: 1, stop: () => undefined });
    await expect(run).rejects.toMatchObject({ code: 'BAD_FILE', message: expect.stringContaining('no-such-file.ts') });
  });
});
