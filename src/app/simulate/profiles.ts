import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Messages } from '../../model/messages.ts';
import { nearestNames } from '../../model/nearest-name.ts';
import { orList } from '../../model/word-list.ts';
import { type Profile, parseProfile } from '../../simulate/cost-profile.ts';
import { readInput } from '../files/input-file.ts';
import { parseDuration } from '../parse-units.ts';

const costDuration = parseDuration('--cost', { orZero: true });
const folder = new URL('profiles/', import.meta.resolve('#package/package.json'));

/** Returns the names of the built-in profiles. */
export const builtInProfiles = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length));

/**
 * Loads a built-in profile by its name, or a profile from a file.
 * @throws PrecopyError `UNKNOWN_NAME` or `BAD_FILE`
 */
export async function loadProfile(name: string): Promise<Profile> {
  const names = builtInProfiles();
  if (names.includes(name)) return parseProfile(readFileSync(new URL(`${name}.json`, folder), 'utf8'), name);
  if (existsSync(name)) return parseProfile(readInput(name).toString('utf8'), name);
  const near = nearestNames(name, names);
  throw new PrecopyError(
    'UNKNOWN_NAME',
    `there is no profile '${name}'`,
    near.length > 0 ? `did you mean ${orList(near)}?` : `there are ${names.join(', ')}; or name a file`,
  );
}

/** Returns a profile with the costs that a design brings. */
export function withCostsOf({ costs = {}, system }: AnyDesign, profile: Profile): Profile {
  const messages: Messages = system.spec.messages;
  const [latencies, actions] = [true, false].map((isMessage) =>
    Object.fromEntries(Object.entries(costs).filter(([name]) => Object.hasOwn(messages, name) === isMessage)),
  );
  return {
    ...profile,
    costs: { ...profile.costs, ...actions },
    latencies: { ...profile.latencies, ...latencies },
    free: { ...profile.free, actions: profile.free.actions.filter((action) => !Object.hasOwn(costs, action)) },
  };
}

/** What a cost may be given to. */
export interface CostNames {
  readonly actions: readonly string[];
  /** types of posted messages, which have latencies */
  readonly messages: readonly string[];
}

/**
 * Returns a profile with one cost changed: `writeProtectPage=+100ns`, `xchgDirtyWord=20ns`, `vcpu.requestMmuLock=x2`; or
 * the latency of a posted message: `IPI=1us`.
 * @throws PrecopyError `BAD_PARAMETER`; `UNKNOWN_NAME`, with the nearest names
 */
export function changeCost(profile: Profile, text: string, { actions, messages }: CostNames): Profile {
  const [, name = '', sign = '', amount = ''] = /^([\w.-]+)=([+x]?)(\S+)$/.exec(text) ?? [];
  const factor = Number(amount);
  if (name === '' || (sign === 'x' && !(factor >= 0))) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `--cost is '${text}'`,
      "give a change such as 'writeProtectPage=+100ns', '=20ns' or '=x2'",
    );
  }
  const [last = name] = name.split('.').slice(-1);
  const costs = [...actions, ...Object.keys(profile.costs)];
  const known = [...costs, ...messages];
  if (!known.includes(name) && !known.includes(last)) {
    const near = nearestNames(last, [...new Set(known)]);
    const guess = near.length > 0 ? `did you mean ${orList(near)}?` : `there are ${[...new Set(known)].join(', ')}`;
    throw new PrecopyError('UNKNOWN_NAME', `no action or posted message is called '${name}'`, guess);
  }
  const isLatency = messages.includes(name) && !costs.includes(name);
  const old = isLatency ? profile.latencies[name] : (profile.costs[name] ?? profile.costs[last]);
  const { ns = 0, ...rest } = old ?? { origin: '' };
  const origin = `--cost ${text}`;
  const scaled = Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [key, typeof value === 'number' ? value * factor : value]),
  );
  const changed =
    sign === 'x'
      ? { ...scaled, ns: ns * factor, origin }
      : sign === '+'
        ? { ...rest, ns: ns + costDuration(amount) * 1e9, origin }
        : { ns: costDuration(amount) * 1e9, origin };
  if (isLatency) return { ...profile, latencies: { ...profile.latencies, [name]: changed } };
  return {
    ...profile,
    costs: { ...profile.costs, [name]: changed },
    free: { ...profile.free, actions: profile.free.actions.filter((action) => action !== name) },
  };
}
