import type { Profile } from '../../src/simulate/cost-profile.ts';
import type { DesignFigures } from '../../src/simulate/results.ts';
import { designOf, run, talk2012 } from './runs.ts';

/**
 * Scale of bandwidth, dirty rate and guest memory: only their ratios matter. Only the sync of the bitmaps and the link
 * take time.
 */
const scale = 1 / 100;
/** bandwidth of the link in GB/s */
const link = 15;

/** The inputs of the model: the duration of a sync in ms, and the dirty rate in GB/s. */
export interface Load {
  readonly syncMs: number;
  readonly dirtyRate: number;
}

/** Simulates the migration of a guest that sweeps over its memory. */
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

/** The bandwidth that QEMU uses: its own measurement, or that of the model (`avail-switchover-bandwidth`). */
export type BandwidthFrom = 'measured' | 'model';

/** Returns true if a migration converges within 30 s. */
function converges(load: Load, limitMs: number, from: BandwidthFrom): boolean {
  return migrate(load, limitMs, 256, 30, from === 'model' ? modelBandwidth(load) : undefined).converged === true;
}

/**
 * Returns the bandwidth in GB/s that QEMU measures according to the model, which sends all pages in each round. The
 * measurement is that of a round, or of a window of 100 ms with one sync if a round is shorter.
 */
function modelBandwidth({ syncMs, dirtyRate }: Load): number {
  const sendMs = (dirtyRate * syncMs) / (link - dirtyRate);
  return syncMs + sendMs > 100 ? (link * sendMs) / (syncMs + sendMs) : (link * (100 - syncMs)) / 100;
}

/** Returns the least downtime limit in ms of an ascending list from which on every migration converges. */
export function leastLimit(load: Load, from: BandwidthFrom, triedMs: readonly number[]): number | undefined {
  return lastThatHolds((limit) => converges(load, limit, from), triedMs.toReversed());
}

/** Returns the highest dirty rate in GB/s of an ascending list up to which every migration converges. */
export function highestRate(
  syncMs: number,
  limitMs: number,
  from: BandwidthFrom,
  tried: readonly number[],
): number | undefined {
  return lastThatHolds((dirtyRate) => converges({ syncMs, dirtyRate }, limitMs, from), tried);
}

function lastThatHolds(holds: (value: number) => boolean, tried: readonly number[]): number | undefined {
  let last: number | undefined;
  for (const value of tried) {
    if (!holds(value)) return last;
    last = value;
  }
  return last;
}

/**
 * Returns the downtime limit in ms that rounds need if everything is sent before a sync, as in the model. QEMU does
 * that with a limit near 0. The result is what such a round leaves to send in the steady state, by the model's
 * bandwidth.
 */
export function limitOfRounds(load: Load): number {
  const { history } = migrate(load, 1, 64, 24);
  const late = history.slice(Math.floor(history.length / 2));
  const pages = late.reduce((sum, round) => sum + round.dirtyPages, 0) / late.length;
  return (pages * 4096) / (modelBandwidth(load) * 1e6 * scale);
}
