import { afterEach, describe, expect, it, vi } from 'vitest';
import { collectors, mutantCollectors } from '../../src/host/stress/collectors.ts';
import { Kvm } from '../../src/host/vm/kvm.ts';
import { assertFitsInMemory } from '../../src/host/vm/memory.ts';
import { kvmIsMissing } from '../support/kvm.ts';

afterEach(() => {
  vi.doUnmock('koffi');
  vi.unstubAllGlobals();
  vi.resetModules();
});

const koffiIsMissing = kvmIsMissing?.includes('koffi') ?? false;

describe('an unavailable host is reported with cause and remedy', () => {
  it.skipIf(koffiIsMissing)('if there is no device', async () => {
    await expect(Kvm.open('/dev/no-kvm')).rejects.toMatchObject({
      code: 'HOST_UNAVAILABLE',
      message: '/dev/no-kvm cannot be opened: ENOENT, no such file or device',
      remedy: expect.stringContaining('modprobe'),
    });
  });

  it.skipIf(koffiIsMissing)('if the device is not KVM', async () => {
    await expect(Kvm.open('/dev/null')).rejects.toMatchObject({ message: '/dev/null is not a KVM device' });
  });

  it('if koffi is not installed', async () => {
    vi.doMock('koffi', () => {
      throw new Error("Cannot find package 'koffi'");
    });
    vi.resetModules();
    const { loadLibc } = await import('../../src/host/kernel/libc.ts');
    await expect(loadLibc()).rejects.toMatchObject({
      code: 'HOST_UNAVAILABLE',
      remedy: expect.stringContaining('npm install koffi'),
    });
  });

  it('if it is not Linux on x86-64', async () => {
    vi.stubGlobal('process', { ...process, platform: 'darwin', arch: 'arm64' });
    const { loadLibc } = await import('../../src/host/kernel/libc.ts');
    await expect(loadLibc()).rejects.toMatchObject({
      code: 'HOST_UNAVAILABLE',
      message: expect.stringContaining('darwin on arm64'),
    });
  });
});

describe('a guest', () => {
  const gibibyte = 2 ** 30;

  it('is refused if it does not leave enough memory for other processes', () => {
    expect(() => assertFitsInMemory(gibibyte, 1.2 * gibibyte)).toThrow(/1024 MiB does not fit: 1228 MiB are available/);
    expect(() => assertFitsInMemory(gibibyte, 2 * gibibyte)).not.toThrow();
  });

  it.each([0, 4096, 5 * gibibyte])('is refused with %d bytes', (bytes) => {
    expect(() => assertFitsInMemory(bytes, 100 * gibibyte)).toThrow();
  });
});

describe('a mutant collector', () => {
  it('is named after the correct collector', () => {
    const ids = collectors.map(({ id }) => id);
    for (const { id } of mutantCollectors) expect(ids).toContain(id.split('/')[0]);
  });
});
