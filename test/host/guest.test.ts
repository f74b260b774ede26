import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bucketLowerBound } from '../../src/host/guest/histogram.ts';
import { randomPages } from '../../src/host/guest/random-pages.ts';
import { createPattern, type Vcpu, type WritePattern } from '../../src/host/vm/vcpu.ts';
import { VirtualMachine } from '../../src/host/vm/virtual-machine.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const pages = 512;

describe.skipIf(kvmIsMissing)('the guest', () => {
  let vm: VirtualMachine;
  let vcpu: Vcpu;
  let contents: BigUint64Array;

  beforeAll(async () => {
    vm = await VirtualMachine.create({ memoryBytes: pages * 4096, vcpus: 1, hugePages: false }, device);
    vcpu = vm.vcpus[0] as Vcpu;
    contents = new BigUint64Array(vm.memory.buffer);
  });
  afterAll(() => vm?.release());
  beforeEach(() => {
    contents.fill(0n);
    vcpu.setWriterId(0);
  });

  /** Returns the first word of each page: the number of its last write, 0 for none. */
  const numbers = (): number[] => Array.from({ length: pages }, (_, page) => Number(contents[page * 512]));
  const run = async (pattern: Partial<WritePattern>) => {
    vcpu.setPattern(createPattern(pages, pattern));
    return await vcpu.enter();
  };

  it('writes the pages in order, each with the number of the write', async () => {
    expect(await run({})).toEqual({ reason: 'done', kicks: 0 });
    expect(numbers()).toEqual(Array.from({ length: pages }, (_, page) => page + 1));
  });

  it('follows a stride, modulo the number of pages', async () => {
    await run({ stride: 7, writes: 80, position: 3n });
    const written = Array.from({ length: 80 }, (_, n) => (3 + 7 * n) % pages);
    expect(numbers()).toEqual(
      Array.from({ length: pages }, (_, page) => (written.includes(page) ? written.indexOf(page) + 1 : 0)),
    );
  });

  it('stays within its range of pages', async () => {
    await run({ firstPage: 100, pages: 50, stride: 0, position: 1n, writes: 5000 });
    const written = numbers().flatMap((number, page) => (number > 0 ? [page] : []));
    expect(written).toEqual(Array.from({ length: 50 }, (_, n) => 100 + n));
  });

  it('spreads random writes over all pages', async () => {
    const before = vcpu.writes;
    await run({ stride: 0, position: 4711n, writes: 20 * pages });
    expect(vcpu.writes - before).toBe(20 * pages);
    expect(numbers().filter((number) => number === 0)).toHaveLength(0);
  });

  it('sends the given share of writes to the hot set', async () => {
    await run({ stride: 0, position: 99n, hotShare: 65_536, hotPages: 8, writes: 1000 });
    expect(numbers().filter((number) => number > 0)).toHaveLength(8);
  });

  it('writes the random pages that the simulation computes', async () => {
    const random = createPattern(pages, {
      stride: 0,
      position: 0x9e3779b97f4an,
      hotShare: 30_000,
      hotPages: 50,
      writes: 2000,
    });
    await run(random);
    const written = randomPages(random, random.writes);
    expect(numbers()).toEqual(Array.from({ length: pages }, (_, page) => written.lastIndexOf(page) + 1));
  });

  it('exits on request, and continues where it stopped', async () => {
    vcpu.setPattern(createPattern(pages, { writes: Number.POSITIVE_INFINITY }));
    for (let n = 0; n < 2; n++) {
      const left = vcpu.enter();
      vcpu.requestExit();
      expect((await left).reason).toBe('requested');
    }
    expect(Number(vcpu.value)).toBe(Math.max(...numbers()));
  });

  it('continues after kicks', async () => {
    vcpu.setPattern(createPattern(pages, { writes: Number.POSITIVE_INFINITY }));
    for (let kicks = 0; kicks === 0; ) {
      const left = vcpu.enter();
      const before = vcpu.writes;
      while (vcpu.writes < before + 100_000) vcpu.kick();
      vcpu.requestExit();
      const exit = await left;
      expect(exit.reason).toBe('requested');
      kicks = exit.kicks;
    }
  });

  it('counts every write in its histogram, and records the longest', async () => {
    const before = vcpu.histogram();
    vcpu.resetWorstCycles();
    await run({ writes: 1000 });
    const counts = vcpu.histogram().map((count, bucket) => count - (before[bucket] ?? 0));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    const top = counts.findLastIndex((count) => count > 0);
    expect(vcpu.worstCycles).toBeGreaterThanOrEqual(bucketLowerBound(top));
    expect(vcpu.worstCycles).toBeLessThan(bucketLowerBound(top + 1));
  });
});

describe.skipIf(kvmIsMissing)('a virtual machine', () => {
  it('reports how a guest died', async () => {
    const vm = await VirtualMachine.create({ memoryBytes: pages * 4096, vcpus: 1, hugePages: false }, device);
    const [vcpu] = vm.vcpus as [Vcpu];
    vcpu.setPattern(createPattern(pages, { firstPage: pages }));
    await expect(vcpu.enter()).rejects.toMatchObject({
      code: 'HOST_GUEST_DIED',
      message: expect.stringMatching(/vCPU 0 of the guest died: KVM_EXIT_\w+.*rip=0x1[0-9a-f]{3} /),
    });
    await vm.release();
  });

  it('releases every file, mapping and thread, also of a running guest', async () => {
    const script = fileURLToPath(new URL('./leftovers.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, device]);
    const { had, left } = JSON.parse(stdout) as { had: number; left: string[] };
    expect(had).toBeGreaterThanOrEqual(4);
    expect(left).toEqual([]);
  });
});

describe('a bucket of the histogram', () => {
  it('begins where the previous one ends, and is at most an eighth wide', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 400 }), (bucket) => {
        const [least, next] = [bucketLowerBound(bucket), bucketLowerBound(bucket + 1)];
        expect(next / least).toBeGreaterThan(1);
        expect(next / least).toBeLessThanOrEqual(1.125);
      }),
    );
  });
});
