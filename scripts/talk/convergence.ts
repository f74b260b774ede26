import type { Profile } from '../../src/clock/profile.ts';
import { designOf, run, talk2012 } from './runs.ts';

/**
 * Bandwidth and dirty rate are a hundredth of the published ones, and the guest with them: only their quotient counts. Nothing but the sync of
 * the bitmaps and the link takes time.
 */
const scale = 1 / 100;
const bandwidth = 15e9 * scale;

function onlySyncCosts(syncMs: number): Profile {
  const machines = Object.values(designOf('rmap-xchg').machines) as { definition: { actions: object } }[];
  const origin = 'the model of convergence';
  const actions = machines.flatMap(({ definition }) => Object.keys(definition.actions));
  const ns = (action: string): number => (action === 'mergeLog' ? syncMs * 1e6 : 0);
  return {
    ...talk2012,
    costs: Object.fromEntries(actions.map((action) => [action, { ns: ns(action), origin }])),
    latencies: Object.fromEntries(Object.keys(talk2012.latencies).map((type) => [type, { ns: 0, origin }])),
    wakes: {},
  };
}

/** A migration of a guest that sweeps over its memory: rates in GB/s, times in ms. */
function migrate(syncMs: number, dirtyRate: number, downtimeLimitMs: number) {
  return run('rmap-xchg', {
    memoryBytes: 256 * 2 ** 20,
    vcpus: 1,
    profile: onlySyncCosts(syncMs),
    workload: [
      {
        pattern: { kind: 'sweep' },
        forNs: Number.POSITIVE_INFINITY,
        writesPerSecond: (dirtyRate * 1e9 * scale) / 4096,
      },
    ],
    mode: {
      migration: { bandwidth, downtimeLimitNs: downtimeLimitMs * 1e6, autoConverge: false, zeroPages: 0 },
    },
    durationNs: 8e9,
  });
}

/** The least limit of those tried from which on every one converges, or undefined. */
export function leastLimit(syncMs: number, dirtyRate: number, triedMs: readonly number[]): number | undefined {
  return lastOfThoseThatConverge([...triedMs].reverse(), (limit) => migrate(syncMs, dirtyRate, limit).converged);
}

/** The highest dirty rate of those tried up to which every one converges, or undefined. */
export function highestRate(syncMs: number, limitMs: number, tried: readonly number[]): number | undefined {
  return lastOfThoseThatConverge(tried, (rate) => migrate(syncMs, rate, limitMs).converged);
}

function lastOfThoseThatConverge(tried: readonly number[], converges: (value: number) => boolean | null) {
  let last: number | undefined;
  for (const value of tried) {
    if (!converges(value)) return last;
    last = value;
  }
  return last;
}

/**
 * A migration that cannot converge, in its steady state: the downtime limit that its rounds call for, which is what they leave to send by the
 * bandwidth over a whole round, in ms.
 */
export function limitOfRounds(syncMs: number, dirtyRate: number): number {
  const { history } = migrate(syncMs, dirtyRate, 1);
  const late = history.slice(Math.floor(history.length / 2));
  const first = late[0] as (typeof late)[number];
  const last = late[late.length - 1] as (typeof late)[number];
  const sent = late.slice(1).reduce((sum, round) => sum + round.sentPages, 0);
  const pending = late.reduce((sum, round) => sum + round.dirtyPages, 0) / late.length;
  return pending / (sent / (last.atNs - first.atNs)) / 1e6;
}
