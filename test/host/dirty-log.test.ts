import { describe, expect, it } from 'vitest';
import { DirtyBitmap, enableManualProtect } from '../../src/host/vm/dirty-bitmap.ts';
import { DirtyRings, enableDirtyRing } from '../../src/host/vm/dirty-ring.ts';
import { Machine } from '../../src/host/vm/machine.ts';
import { sweep, type Vcpu } from '../../src/host/vm/vcpu.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const pages = 1024;

describe.skipIf(kvmIsMissing)('the dirty log of the kernel', () => {
  it('GET gives the pages that were written since the last GET', () =>
    withMachine(undefined, async (machine, write) => {
      const bitmap = new DirtyBitmap(machine);
      await write(10, 70);
      bitmap.get();
      expect(pagesIn(bitmap)).toEqual(range(10, 70));
      expect(bitmap.count()).toBe(70);
      await write(70, 5);
      bitmap.get();
      expect(pagesIn(bitmap)).toEqual(range(70, 5));
    }));

  it('CLEAR clears the range that it is given, and no other', () =>
    withMachine(
      (machine) => enableManualProtect(machine, false),
      async (machine, write) => {
        const bitmap = new DirtyBitmap(machine);
        await write(60, 200);
        bitmap.get();
        bitmap.clear(64, 64);
        bitmap.get();
        expect(pagesIn(bitmap)).toEqual([...range(60, 4), ...range(128, 132)]);
        bitmap.clearAll(512);
        bitmap.get();
        expect(bitmap.count()).toBe(0);
      },
    ));

  it('the ring gives each page once until it was reset', () =>
    withMachine(
      (machine) => enableDirtyRing(machine, 1024),
      async (machine, write) => {
        const rings = new DirtyRings(machine, 1024);
        const harvest = (): number[] => {
          const found: number[] = [];
          rings.harvest((page) => void found.push(page));
          return found;
        };
        await write(5, 30);
        await write(5, 30);
        expect(harvest()).toEqual(range(5, 30));
        await write(5, 30);
        expect(harvest()).toEqual([]);
        expect(rings.reset()).toBe(30);
        await write(5, 30);
        expect(harvest()).toEqual(range(5, 30));
      },
    ));
});

type Write = (firstPage: number, count: number) => Promise<unknown>;

async function withMachine(
  prepare: ((machine: Machine) => void) | undefined,
  test: (machine: Machine, write: Write) => Promise<void>,
): Promise<void> {
  const spec = { memoryBytes: pages * 4096, vcpus: 1, hugePages: false };
  const machine = await Machine.create({ ...spec, ...(prepare && { prepare }) }, device);
  const [vcpu] = machine.vcpus as [Vcpu];
  machine.setLogging(true);
  try {
    await test(machine, (firstPage, count) => {
      vcpu.setPattern(sweep(count, { firstPage }));
      return vcpu.enter();
    });
  } finally {
    await machine.release();
  }
}

function pagesIn(bitmap: DirtyBitmap): number[] {
  const found: number[] = [];
  bitmap.visit((page) => void found.push(page));
  return found;
}

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n);
