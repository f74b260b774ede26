import { describe, expect, it } from 'vitest';
import { joinNeighbours } from '../../../src/app/campaign/shard-costs.ts';

const costOf = (nth: number, seconds: number, memoryBytes: number) => ({
  nth,
  shards: 1,
  label: `shard ${nth}`,
  seconds,
  memoryBytes,
});
const costs = [costOf(1, 2, 300), costOf(3, 9, 100), costOf(4, 1, 200), costOf(5, 5, 500), costOf(9, 3, 50)];

describe('the costs of shards on a page', () => {
  it('are all shown where they are few', () => {
    expect(joinNeighbours(costs, 5)).toEqual(costs);
    expect(joinNeighbours([], 5)).toEqual([]);
  });

  it('show the longest time and the most memory of neighbours where they are many', () => {
    expect(joinNeighbours(costs, 2)).toEqual([
      { nth: 3, shards: 3, label: 'shard 3', seconds: 9, memoryBytes: 300 },
      { nth: 5, shards: 2, label: 'shard 5', seconds: 5, memoryBytes: 500 },
    ]);
  });
});
