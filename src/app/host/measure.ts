import { defaultRoundMs, type MeasurementOptions } from '../../host/measure/measurement-options.ts';
import { type HostFigures, runMicrobenchmarks } from '../../host/measure/microbenchmarks.ts';
import { createProfile } from '../../host/measure/profile.ts';
import { identifyHost } from '../../host/probe.ts';
import type { Profile } from '../../simulate/cost-profile.ts';
import { loadProfile } from '../simulate/profiles.ts';

/** The profile of the costs that no microbenchmark measures. */
const baseProfile = 'epyc-2026';

/**
 * Measures the costs of dirty logging on this host and creates a cost profile.
 * @param onBenchmark called with the name of each benchmark before it runs
 * @throws PrecopyError `HOST_UNAVAILABLE`, `BAD_PARAMETER`
 * @example
 * const { profile } = await measureHost({ memoryBytes: 2 ** 28, repeats: 7, device: '/dev/kvm' });
 */
export async function measureHost(
  options: Omit<MeasurementOptions, 'roundMs'>,
  onBenchmark: (name: string) => void = () => {},
): Promise<{ readonly figures: HostFigures; readonly profile: Profile }> {
  const figures = await runMicrobenchmarks({ ...options, roundMs: defaultRoundMs }, onBenchmark);
  const profile = createProfile(figures, identifyHost(), today(), await loadProfile(baseProfile));
  return { figures, profile };
}

/** Returns the date of today: `2026-01-31`. */
export const today = (): string => new Date().toISOString().slice(0, 10);
