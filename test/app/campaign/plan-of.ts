import type { Estimate, Plan } from '../../../src/app/campaign/plan-schema.ts';

/** Returns a plan of a task of so many shards. */
export function planOf(shards: number, estimate: Partial<Estimate> = {}, name = 'nightly'): Plan {
  return {
    format: 'precopy-campaign-plan',
    version: 1,
    name,
    precopy: { version: '0.1.0', code: '' },
    files: [],
    tasks: [
      {
        kind: 'check',
        hash: '0'.repeat(64),
        design: 'rmap-xchg',
        label: 'rmap-xchg safety',
        estimate: { seconds: null, memoryBytes: null, basis: 'nothing', ...estimate },
        checks: 'safety',
        params: {},
        memoryModel: 'sc',
        search: { strategy: 'random', runs: 10 },
      },
    ],
    shards: Array.from({ length: shards }, (_, index) => ({
      id: index.toString(16).padStart(20, '0'),
      task: 0,
      seed: index + 1,
    })),
  };
}
