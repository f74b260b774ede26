import { describe, expect, it } from 'vitest';
import { probe } from '../../src/host/probe.ts';
import { collectors, mutantCollectors } from '../../src/host/stress/collectors.ts';
import { Oracle } from '../../src/host/stress/oracle.ts';
import { stressCollector } from '../../src/host/stress/stress.ts';
import { device, kvmIsMissing } from '../support/kvm.ts';

const options = {
  memoryBytes: 2 * 2 ** 20,
  vcpus: 2,
  hugePages: false,
  seed: 7,
  pattern: 'uniform',
  kicks: 2,
  ringEntries: 1024,
  device,
} as const;

describe.skipIf(kvmIsMissing)('stress of the real kernel', () => {
  it.each(['get', 'ring'])('%s loses no write', async (id) => {
    const collector = collectors.find((one) => one.id === id);
    if (!collector || (collector.requires === 'dirtyRing' && (await probe(device)).dirtyRingEntries === 0)) return;
    const result = await stressCollector(collector, { ...options, seconds: 0.1 });
    expect(result).toMatchObject({ verdict: 'holds', lost: [] });
    expect(Math.min(result.rounds, result.checks, result.copies, result.writes)).toBeGreaterThan(0);
  });

  it('catches a collector that never protects, with the history of a page', async () => {
    const mutant = mutantCollectors.find(({ id }) => id === 'clear/never-protects');
    if (!mutant || !(await probe(device)).manualProtect) return;
    const { verdict, lost } = await stressCollector(mutant, { ...options, seconds: 10 });
    expect(verdict).toBe('violated');
    expect(lost[0]?.inMemory).not.toEqual(lost[0]?.lastCopied);
    expect(lost[0]?.history.at(-1)?.copied).toEqual(lost[0]?.lastCopied);
  });
});

describe('the oracle', () => {
  const pages = 4;
  const write = (memory: ArrayBuffer, page: number, vcpu: number, number: number): void => {
    new BigUint64Array(memory)[page * 512] = (BigInt(vcpu + 1) << 56n) + BigInt(number);
  };

  it('reports no page that was copied after its last write', () => {
    const memory = new ArrayBuffer(pages * 4096);
    const oracle = new Oracle(memory, pages);
    oracle.beginRound();
    write(memory, 1, 0, 1);
    oracle.copy(1);
    expect(oracle.lostWrites(10)).toEqual([]);
  });

  it('reports a page that changed after its copy, and the lost write', () => {
    const memory = new ArrayBuffer(pages * 4096);
    const oracle = new Oracle(memory, pages);
    write(memory, 2, 0, 1);
    oracle.beginRound();
    oracle.copy(2);
    write(memory, 2, 1, 2 ** 33);
    oracle.beginRound();
    const lost = { page: 2, round: 2, inMemory: { vcpu: 1, write: 2 ** 33 }, lastCopied: { vcpu: 0, write: 1 } };
    expect(oracle.lostWrites(10)).toEqual([
      { ...lost, history: [{ round: 1, copied: { vcpu: 0, write: 1 } }], historySince: 1 },
    ]);
  });
});
