import { describe, expect, it } from 'vitest';
import { DirtyBitmap, enableManualProtect } from '../../src/host/vm/dirty-bitmap.ts';
import { DirtyRings, enableDirtyRing } from '../../src/host/vm/dirty-ring.ts';
import { createPattern, type Vcpu } from '../../src/host/vm/vcpu.ts';
import { VirtualMachine } from '../../src/host/vm/virtual-machine.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const pages = 1024;

describe.skipIf(kvmIsMissing)('the dirty log of the kernel', () => {
  it('GET reports the pages written since the last GET', () =>
    withVm(undefined, async (vm, write) => {
      const bitmap = new DirtyBitmap(vm);
      await write(10, 70);
      bitmap.get();
      expect(pagesIn(bitmap)).toEqual(range(10, 70));
      expect(bitmap.countDirtyPages()).toBe(70);
      await write(70, 5);
      bitmap.get();
      expect(pagesIn(bitmap)).toEqual(range(70, 5));
    }));

  it('CLEAR clears its range and no other', () =>
    withVm(
      (vm) => enableManualProtect(vm, false),
      async (vm, write) => {
        const bitmap = new DirtyBitmap(vm);
        await write(60, 200);
        bitmap.get();
        bitmap.clear(64, 64);
        bitmap.get();
        expect(pagesIn(bitmap)).toEqual([...range(60, 4), ...range(128, 132)]);
        bitmap.clearAll(512);
        bitmap.get();
        expect(bitmap.countDirtyPages()).toBe(0);
      },
    ));

  it('a ring reports each page once until it is reset', () =>
    withVm(
      (vm) => enableDirtyRing(vm, 1024),
      async (vm, write) => {
        const rings = new DirtyRings(vm, 1024);
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

async function withVm(
  configure: ((vm: VirtualMachine) => void) | undefined,
  test: (vm: VirtualMachine, write: Write) => Promise<void>,
): Promise<void> {
  const spec = { memoryBytes: pages * 4096, vcpus: 1, hugePages: false };
  const vm = await VirtualMachine.create({ ...spec, ...(configure && { configure }) }, device);
  const [vcpu] = vm.vcpus as [Vcpu];
  vm.setLogging(true);
  try {
    await test(vm, (firstPage, count) => {
      vcpu.setPattern(createPattern(count, { firstPage }));
      return vcpu.enter();
    });
  } finally {
    await vm.release();
  }
}

function pagesIn(bitmap: DirtyBitmap): number[] {
  const found: number[] = [];
  bitmap.visit((page) => void found.push(page));
  return found;
}

const range = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n);
