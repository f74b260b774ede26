import type { Profile } from '../../src/clock/cost-profile.ts';
import type { DesignFigures } from '../../src/simulate/results.ts';
import { designOf, run, talk2012 } from './runs.ts';

/**
 * Bandwidth and dirty rate are a hundredth of the published ones, and the guest with them: only their quotient counts. Nothing but the sync of
 * the bitmaps and the link takes time.
 */
const scale = 1 / 100;
/** of the link, in GB/s */
const link = 15;

/** What the model is of: a sync takes so many ms, and the guest dirties so many GB a second. */
export interface Load {
  readonly syncMs: number;
  readonly dirtyRate: number;
}

/** A migration of a guest that sweeps over its memory. */
function migrate(
  { syncMs, dirtyRate }: Load,
  downtimeLimitMs: number,
  mebibytes: number,
  seconds: number,
  availSwitchoverBandwidth?: number,
): DesignFigures {
  return run('rmap-xchg', {
    memoryBytes: mebibytes * 2 ** 20,
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
      migration: {
        bandwidth: link * 1e9 * scale,
        ...(availSwitchoverBandwidth !== undefined && {
          availSwitchoverBandwidth: availSwitchoverBandwidth * 1e9 * scale,
        }),
        downtimeLimitNs: downtimeLimitMs * 1e6,
        autoConverge: false,
        zeroPages: 0,
      },
    },
    durationNs: seconds * 1e9,
  });
}

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

/** Where QEMU has its bandwidth from: what it measures, or what the model says that it does (`avail-switchover-bandwidth`). */
export type BandwidthFrom = 'measured' | 'model';

/** Whether a migration converges within 30 s. */
function converges(load: Load, limitMs: number, from: BandwidthFrom): boolean {
  return migrate(load, limitMs, 256, 30, from === 'model' ? modelBandwidth(load) : undefined).converged === true;
}

/**
 * The bandwidth in GB/s that the model takes QEMU to measure: of a whole round, if that takes longer than the 100 ms of a window, else of a window
 * with one sync in it. All pages are sent in each round.
 */
function modelBandwidth({ syncMs, dirtyRate }: Load): number {
  const sendMs = (dirtyRate * syncMs) / (link - dirtyRate);
  return syncMs + sendMs > 100 ? (link * sendMs) / (syncMs + sendMs) : (link * (100 - syncMs)) / 100;
}

/** The least limit in ms of those tried, which are given from the least one, from which on every migration converges. */
export function leastLimit(load: Load, from: BandwidthFrom, triedMs: readonly number[]): number | undefined {
  return lastOfThose((limit) => converges(load, limit, from), triedMs.toReversed());
}

/** The highest dirty rate in GB/s of those tried, which are given from the least one, up to which every migration converges. */
export function highestRate(
  syncMs: number,
  limitMs: number,
  from: BandwidthFrom,
  tried: readonly number[],
): number | undefined {
  return lastOfThose((dirtyRate) => converges({ syncMs, dirtyRate }, limitMs, from), tried);
}

function lastOfThose(holds: (value: number) => boolean, tried: readonly number[]): number | undefined {
  let last: number | undefined;
  for (const value of tried) {
    if (!holds(value)) return last;
    last = value;
  }
  return last;
}

/**
 * The downtime limit in ms that a round needs in which, as in the model, everything was sent before the sync: QEMU does that where the limit is
 * next to nothing. It is what such a round leaves to send in its steady state, by the bandwidth of the model.
 */
export function limitOfRounds(load: Load): number {
  const { history } = migrate(load, 1, 64, 24);
  const late = history.slice(Math.floor(history.length / 2));
  const pages = late.reduce((sum, round) => sum + round.dirtyPages, 0) / late.length;
  return (pages * 4096) / (modelBandwidth(load) * 1e6 * scale);
}
