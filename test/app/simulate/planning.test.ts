import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import peterson from '../../../examples/peterson.ts';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { planExperiments } from '../../../src/app/simulate/experiments.ts';
import { changeCost, loadProfile } from '../../../src/app/simulate/profiles.ts';

const guest = { memory: 2 ** 20, vcpus: 1, workload: 'uniform', rate: 1000, slice: 0.003, seed: 1 };
const names = { actions: ['copyToUser'], messages: ['IPI'] };

describe('before the first run', () => {
  it('a design of another system than that of KVM is refused', async () => {
    const plan = planExperiments([{ design: peterson }], { ...guest, profile: 'epyc-2026' }, { collectEveryNs: 1e9 });
    await expect(plan).rejects.toThrow(/^peterson has no vCPUs and no migration thread: only designs of the system of/);
  });

  it('a profile without all costs of a design is refused', async () => {
    const options = { ...guest, profile: fileURLToPath(new URL('empty-profile.json', import.meta.url)) };
    const plan = planExperiments([{ design: rmapXchg }], options, { collectEveryNs: 1e9 });
    await expect(plan).rejects.toThrow(
      /^profile empty lacks the actions .*\bvcpu\.markPageDirty\b.*\bget-dirty-log\.copyToUser\b.* and the latencies of the messages IPI, .*, which rmap-xchg has$/,
    );
  });
});

describe('--cost', () => {
  it('changes the cost of an action, or the latency of a posted message, also to nothing', async () => {
    const profile = await loadProfile('epyc-2026');
    expect(changeCost(profile, 'copyToUser=0ns', names).costs['copyToUser']).toMatchObject({ ns: 0 });
    expect(changeCost(profile, 'IPI=0ns', names).latencies['IPI']).toMatchObject({ ns: 0 });
    expect(changeCost(profile, 'IPI=0ns', names).costs['IPI']).toBeUndefined();
  });

  it('refuses any other name, with the nearest one', async () => {
    const profile = await loadProfile('epyc-2026');
    try {
      changeCost(profile, 'IPY=1us', names);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({
        message: "no action or posted message is called 'IPY'",
        remedy: expect.stringContaining('IPI'),
      });
    }
  });
});
