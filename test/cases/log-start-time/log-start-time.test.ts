import { expect, test } from 'vitest';
import { manualClear, pml } from '../../../machines/designs/index.ts';
import { loadProfile } from '../../../src/app/simulate/profiles.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { experiment, simulated } from '../../clock/toy.ts';

const memoryBytes = 2 ** 28;
/** Published for 128 GiB with PML (3c9bd4006bfc), in proportion to the memory. */
const publishedNs = 460e6 / 512;

test.fails.each([pml, manualClear])(
  '$id starts to log 256 MiB within a factor of two of what was published',
  async (design) => {
    const profile = await loadProfile('epyc-2026');
    const one = experiment(design as AnyDesign, profile, { memoryBytes, vcpus: 2 });
    const { mmuLockByActor } = simulated({ ...one, params: { ...one.params, loggingOn: 0 } });
    const { count = 0, mean = 0 } = mmuLockByActor['setMemoryRegion']?.holdNs ?? {};
    expect(count * mean).toBeGreaterThan(publishedNs / 2);
    expect(count * mean).toBeLessThan(publishedNs * 2);
  },
);
