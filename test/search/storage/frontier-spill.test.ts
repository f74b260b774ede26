import { describe, expect, it } from 'vitest';
import { compile, type Exploration, memoise } from '../../../src/index.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { Frontier } from '../../../src/search/storage/frontier.ts';
import { type ChunkStore, FrontierSpill } from '../../../src/search/storage/frontier-spill.ts';
import { MemoryChunkStore } from '../../support/store.ts';
import wideDesign, { wideSearch } from '../../support/wide.ts';

const search = (store?: ChunkStore): Exploration =>
  runEngine(breadthFirstSearch(memoise(compile(wideDesign)), wideSearch.limits, { store }));

describe('a frontier that exceeds its memory', () => {
  it('spills to the store and is reloaded; the result of the search is the same', () => {
    const store = new MemoryChunkStore();
    const found = search(store);
    expect(store.writes).toBeGreaterThan(5);
    expect(store.reads).toBe(store.writes);
    expect(store.chunkCount, 'each is used again').toBeLessThan(store.writes);
    expect(found).toMatchObject({ verdict: 'violated', states: wideSearch.states, depth: 4 });
    expect(found).toEqual(search());
  });

  it('ends the search with a partial result if the store is full', () => {
    const found = search(new MemoryChunkStore(3));
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'disk' });
    expect(found.states).toBeGreaterThan(0);
    expect(found.frontier).toBeGreaterThan(0);
  });

  it('has at most its share in memory between two blocks, and holds each state', () => {
    const words = 2;
    const frontier = new Frontier(Frontier.reserve(words, 1 << 24), words);
    const spill = new FrontierSpill(frontier, new MemoryChunkStore(), 0);
    const state = new Int32Array(words);
    let end = 0;
    for (let first = 0; first < 400_000; first += 5_000) {
      spill.fetch(first + 5_000);
      const until = Math.min(2 * first + 10_000, 400_000);
      frontier.extend(until);
      for (; end < until; end++) frontier.store(end, Int32Array.of(end, ~end));
      for (let n = first; n < first + 5_000; n += 97) {
        frontier.load(n, state);
        expect([...state]).toEqual([n, ~n]);
      }
      frontier.release(first + 5_000);
      spill.evictExcess();
      expect(frontier.residentChunks).toBeLessThanOrEqual(8);
    }
  });
});
