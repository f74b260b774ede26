import { afterEach, describe, expect, it, vi } from 'vitest';
import { brokenCollectors, collectors } from '../../src/host/stress/collectors.ts';
import { Kvm } from '../../src/host/vm/kvm.ts';
import { checkRoom } from '../../src/host/vm/memory.ts';
import { kvmIsMissing } from '../support/kvm.ts';

afterEach(() => {
  vi.doUnmock('koffi');
  vi.unstubAllGlobals();
  vi.resetModules();
});

const koffiIsMissing = kvmIsMissing?.includes('koffi') ?? false;

describe('a host that cannot be used says why and what to do', () => {
  it.skipIf(koffiIsMissing)('when there is no device', async () => {
    await expect(Kvm.open('/dev/no-kvm')).rejects.toMatchObject({
      code: 'HOST_UNAVAILABLE',
      message: '/dev/no-kvm cannot be opened: ENOENT, there is no such file or device',
      remedy: expect.stringContaining('modprobe'),
    });
  });

  it.skipIf(koffiIsMissing)('when the device is something else', async () => {
    await expect(Kvm.open('/dev/null')).rejects.toMatchObject({ message: '/dev/null is not KVM' });
  });

  it('when koffi is not installed', async () => {
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

  it('when it is not Linux on x86-64', async () => {
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

  it('is refused when memory does not suffice for it and for others', () => {
    expect(() => checkRoom(gibibyte, 1.2 * gibibyte)).toThrow(/1024 MiB does not fit: 1228 MiB are free/);
    expect(() => checkRoom(gibibyte, 2 * gibibyte)).not.toThrow();
  });

  it.each([0, 4096, 5 * gibibyte])('is refused with %d bytes', (bytes) => {
    expect(() => checkRoom(bytes, 100 * gibibyte)).toThrow();
  });
});

describe('a broken collector', () => {
  it('is named for the right one that it breaks', () => {
    const ids = collectors.map(({ id }) => id);
    for (const { id } of brokenCollectors) expect(ids).toContain(id.split('/')[0]);
  });
});
