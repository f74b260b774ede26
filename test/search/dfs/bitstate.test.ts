import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs.ts';
import { mutants } from '../../../machines/mutants.ts';
import { searchBySwarm } from '../../../src/app/workers/swarm-worker-pool.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/program.ts';
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

const search = (design: AnyDesign, more: Partial<BitstateOptions> = {}, sizes = {}): Exploration =>
  runEngine(bitstate(memoise(compile(design, sizes)), { ...options, ...more }));

describe('a search that keeps bits', () => {
  it('sees all states and covers where there are bits enough, and proves nothing', () => {
    const all = explore(rmapXchg, small);
    const found = search(rmapXchg, {}, small);
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'bits', states: all.states, covers: all.covers });
    expect(found.transitions).toBe(all.transitions);
    expect(found.properties.map(({ verdict }) => verdict)).not.toContain('holds');
    expect(found.bitstate).toMatchObject({ seed: 1, bits: 2 ** 23, hashesPerState: 3, depthBoundReached: false });
  });

  it('tells about how many of the states that it met it left out', () => {
    const bits = new BloomFilter(4096, 1);
    const count = 10_000;
    let added = 0;
    for (let n = 0; n < count; n++) if (bits.add(Math.imul(n, 0x9e3779b1), n)) added++;
    const omitted = count - added;
    expect(omitted).toBeGreaterThan(500);
    expect(Math.abs(bits.expectedOmissions / omitted - 1)).toBeLessThan(0.1);
    expect(search(rmapXchg, { bytes: 512 }, small).bitstate?.expectedOmissions).toBeGreaterThan(10);
  });

  it('finds the same for the same seed, and leaves out others for another', () => {
    const few = { bytes: 1024 };
    const [one, again, other] = [1, 1, 2].map((seed) => search(rmapXchg, { ...few, seed }, small));
    expect(one).toEqual(again);
    expect(one?.states).not.toBe(other?.states);
  });

  it('shrinks a schedule that breaks something, and live actors confirm it', () => {
    const { violation, bitstate } = search(mutant);
    expect(violation?.schedule.length).toBeLessThan(bitstate?.stepsFound as number);
    expect(replay(mutant, {}, violation?.schedule ?? []).violation?.property).toBe(violation?.property);
  });

  it('finds a deadlock, and says when a schedule was cut', () => {
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

  it('stops when it is told to', () => {
    const engine = bitstate(compile(rmapXchg), options);
    engine.next();
    expect(engine.next('time').value).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'time' });
  });
});

describe('a swarm', () => {
  const members = (seeds: readonly number[], design: AnyDesign, bytes = options.bytes, sizes = {}): SwarmMember[] =>
    seeds.map((seed) => {
      const distinct = new HyperLogLog();
      const engine = bitstate(memoise(compile(design, sizes)), { ...options, bytes, seed }, distinct);
      return { exploration: runEngine(engine), longest: distinct.registers };
    });

  it('sees more together than each alone', () => {
    const some = members([1, 2, 3], rmapXchg, 512, small);
    const { states, swarm } = mergeSwarmResults(some);
    expect(swarm?.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    for (const one of swarm ?? []) expect(states).toBeGreaterThan(one.states);
  });

  it('answers with the first that broke something, whichever was the fastest', () => {
    const [whole] = members([1], rmapXchg, 512, small);
    const [second, third] = members([2, 3], mutant);
    const all = [whole, second, third] as SwarmMember[];
    expect(second?.exploration.verdict).toBe('violated');
    expect(mergeSwarmResults(all)).toEqual(mergeSwarmResults(all.slice(0, 2)));
    expect(mergeSwarmResults(all).violation).toEqual(second?.exploration.violation);
  });

  it('finds on threads what it finds on one', async () => {
    const which = { design: mutant.id, file: undefined, memoryModel: undefined, params: compile(mutant).params };
    const swarm = { ...options, members: 3 };
    const found = await searchBySwarm(
      which,
      swarm,
      2,
      () => undefined,
      () => undefined,
    );
    expect(found).toEqual(mergeSwarmResults(members([1, 2, 3], mutant)));
  });

  it('ends with an error when a thread dies', async () => {
    const which = { design: 'x', file: 'no-such-file.ts', memoryModel: undefined, params: {} };
    const run = searchBySwarm(
      which,
      { ...options, members: 2 },
      1,
      () => undefined,
      () => undefined,
    );
    await expect(run).rejects.toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('no-such-file.ts') });
  });
});
