import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { leastCyclesOf } from '../../src/host/guest/layout.ts';
import { randomPages } from '../../src/host/guest/random-pages.ts';
import { Machine } from '../../src/host/vm/machine.ts';
import { type Pattern, sweep, type Vcpu } from '../../src/host/vm/vcpu.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const pages = 512;

describe.skipIf(kvmIsMissing)('the guest', () => {
  let machine: Machine;
  let vcpu: Vcpu;
  let contents: BigUint64Array;

  beforeAll(async () => {
    machine = await Machine.create({ memoryBytes: pages * 4096, vcpus: 1, hugePages: false }, device);
    vcpu = machine.vcpus[0] as Vcpu;
    contents = new BigUint64Array(machine.memory.buffer);
  });
  afterAll(() => machine?.release());
  beforeEach(() => {
    contents.fill(0n);
    vcpu.setFirstValue(0);
  });

  /** What the first word of each page holds: the number of the last write to it, 0 for none. */
  const numbers = (): number[] => Array.from({ length: pages }, (_, page) => Number(contents[page * 512]));
  const run = async (pattern: Partial<Pattern>) => {
    vcpu.setPattern(sweep(pages, pattern));
    return await vcpu.enter();
  };

  it('writes one page after the other, each with the number of the write', async () => {
    expect(await run({})).toEqual({ reason: 'done', kicks: 0 });
    expect(numbers()).toEqual(Array.from({ length: pages }, (_, page) => page + 1));
  });

  it('goes on by strides, around the end', async () => {
    await run({ stride: 7, writes: 80, position: 3n });
    const written = Array.from({ length: 80 }, (_, n) => (3 + 7 * n) % pages);
    expect(numbers()).toEqual(
      Array.from({ length: pages }, (_, page) => (written.includes(page) ? written.indexOf(page) + 1 : 0)),
    );
  });

  it('stays within the pages that it is given', async () => {
    await run({ firstPage: 100, pages: 50, stride: 0, position: 1n, writes: 5000 });
    const written = numbers().flatMap((number, page) => (number > 0 ? [page] : []));
    expect(written).toEqual(Array.from({ length: 50 }, (_, n) => 100 + n));
  });

  it('spreads random writes over all pages alike', async () => {
    const before = vcpu.writes;
    await run({ stride: 0, position: 4711n, writes: 20 * pages });
    expect(vcpu.writes - before).toBe(20 * pages);
    expect(numbers().filter((number) => number === 0)).toHaveLength(0);
  });

  it('writes the hot set as often as it is told', async () => {
    await run({ stride: 0, position: 99n, hotShare: 65_536, hotPages: 8, writes: 1000 });
    expect(numbers().filter((number) => number > 0)).toHaveLength(8);
  });

  it('writes the random pages that the clock is told of', async () => {
    const random = sweep(pages, { stride: 0, position: 0x9e3779b97f4an, hotShare: 30_000, hotPages: 50, writes: 2000 });
    await run(random);
    const written = randomPages(random, random.writes);
    expect(numbers()).toEqual(Array.from({ length: pages }, (_, page) => written.lastIndexOf(page) + 1));
  });

  it('leaves when it is told to, and goes on where it was', async () => {
    vcpu.setPattern(sweep(pages, { writes: Number.POSITIVE_INFINITY }));
    for (let n = 0; n < 2; n++) {
      const left = vcpu.enter();
      vcpu.tellToLeave();
      expect((await left).reason).toBe('told');
    }
    expect(Number(vcpu.value)).toBe(Math.max(...numbers()));
  });

  it('is interrupted by kicks and does not mind', async () => {
    vcpu.setPattern(sweep(pages, { writes: Number.POSITIVE_INFINITY }));
    for (let kicks = 0; kicks === 0; ) {
      const left = vcpu.enter();
      const before = vcpu.writes;
      while (vcpu.writes < before + 100_000) vcpu.kick();
      vcpu.tellToLeave();
      const exit = await left;
      expect(exit.reason).toBe('told');
      kicks = exit.kicks;
    }
  });

  it('counts every write in its histogram, and knows the longest', async () => {
    const before = vcpu.histogram();
    vcpu.forgetWorst();
    await run({ writes: 1000 });
    const counts = vcpu.histogram().map((count, bucket) => count - (before[bucket] ?? 0));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
    const top = counts.findLastIndex((count) => count > 0);
    expect(vcpu.worstCycles).toBeGreaterThanOrEqual(leastCyclesOf(top));
    expect(vcpu.worstCycles).toBeLessThan(leastCyclesOf(top + 1));
  });
});

describe.skipIf(kvmIsMissing)('a machine', () => {
  it('says how a guest died', async () => {
    const machine = await Machine.create({ memoryBytes: pages * 4096, vcpus: 1, hugePages: false }, device);
    const [vcpu] = machine.vcpus as [Vcpu];
    vcpu.setPattern(sweep(pages, { firstPage: pages }));
    await expect(vcpu.enter()).rejects.toMatchObject({
      code: 'HOST_GUEST_DIED',
      message: expect.stringMatching(/vCPU 0 of the guest died: KVM_EXIT_\w+.*rip=0x1[0-9a-f]{3} /),
    });
    await machine.release();
  });

  it('gives back every file, mapping and thread, also of a guest that runs', async () => {
    const script = fileURLToPath(new URL('./leftovers.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', script, device]);
    const { had, left } = JSON.parse(stdout) as { had: number; left: string[] };
    expect(had).toBeGreaterThanOrEqual(4);
    expect(left).toEqual([]);
  });
});

describe('a bucket of the histogram', () => {
  it('begins where the one before ends, an eighth of an octave further', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 400 }), (bucket) => {
        const [least, next] = [leastCyclesOf(bucket), leastCyclesOf(bucket + 1)];
        expect(next / least).toBeGreaterThan(1);
        expect(next / least).toBeLessThanOrEqual(1.125);
      }),
    );
  });
});
