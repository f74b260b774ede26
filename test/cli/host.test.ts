import { describe, expect, it } from 'vitest';
import { hostProbeDocument } from '../../src/app/host/host-documents.ts';
import { hostStress } from '../../src/cli/host/stress.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';
import { precopy } from './precopy.ts';

describe('precopy host', () => {
  it.skipIf(kvmIsMissing)('probe reports capabilities as text and as a document', async () => {
    const { exitCode, stdout, stderr } = await precopy(['host', 'probe', '--json', '--device', device]);
    const offer = hostProbeDocument.parse(JSON.parse(stdout));
    expect(exitCode).toBe(0);
    expect(offer.trial.pagesReported).toBe(offer.trial.pagesWritten);
    expect(stderr).toContain(offer.mmu);
  });

  it('validate refuses an unwritable report before it runs anything', async () => {
    const { exitCode, stderr } = await precopy(['host', 'validate', '--html', '/nowhere/report.html']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('/nowhere/report.html cannot be written');
  });

  it('probe exits with 2 and one line if there is no KVM', async () => {
    const { exitCode, stdout, stderr } = await precopy(['host', 'probe', '--device', '/dev/no-kvm']);
    expect({ exitCode, stdout, lines: stderr.trim().split('\n').length }).toEqual({
      exitCode: 2,
      stdout: '',
      lines: 1,
    });
  });

  it.each([
    [[], { chunkPages: 63 }, '--chunk is 63'],
    [[], { ringEntries: 1000 }, '--ring is 1000'],
    [[], { seed: 1e20 }, '--seed is too large'],
    [['nobody'], {}, "there is no collector 'nobody'"],
  ])('stress refuses %j with %j', async (names, changed, cause) => {
    const sizes = { memoryBytes: 2 ** 21, vcpus: 1, seconds: 1, seed: 1, kicks: 0, ringEntries: 1024 };
    const flags = { ...sizes, hugePages: false, pattern: 'mixed', device: '/dev/no-kvm', ...changed } as const;
    await expect(hostStress(names, flags)).rejects.toThrow(cause);
  });
});
