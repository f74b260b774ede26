import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SuccessorRecords } from '../../src/search/bfs/successor-records.ts';
import type { FingerprintSet } from '../../src/search/storage/fingerprint-set.ts';

/** Imports the structures as a debug build or a normal build has them. */
async function build(debug: boolean) {
  vi.stubEnv('PRECOPY_ASSERT', debug ? '1' : '');
  vi.resetModules();
  const { FingerprintSet } = await import('../../src/search/storage/fingerprint-set.ts');
  const { SuccessorRecords } = await import('../../src/search/bfs/successor-records.ts');
  const { PredecessorLog } = await import('../../src/search/storage/predecessor-log.ts');
  const { Block, UnitField } = await import('../../src/search/bfs/block.ts');
  const addToWrongPartition = (): void => {
    const visited: FingerprintSet = new FingerprintSet(FingerprintSet.reserve(1 << 16));
    visited.addAll(3, Int32Array.of(1), Int32Array.of(4), 0, 1, new Uint8Array(1));
  };
  const exceedUnit = (): void => {
    const records: SuccessorRecords = new SuccessorRecords(
      SuccessorRecords.reserve({ units: 1, recordsPerUnit: 2, sleepWords: 0 }),
    );
    records.beginUnit(0);
    for (let n = 0; n < 3; n++) records.append(n, n, n, n);
    records.sortByPartition(0);
  };
  const encodeTooMuch = (): void => {
    const predecessors = new PredecessorLog(PredecessorLog.reserve(1), 100);
    predecessors.extend(1);
    predecessors.set(0, predecessors.encode(512, 99));
  };
  const leaveGapInIds = (): void => {
    const block = new Block(Block.reserve(4, 512));
    block.begin(0, 4);
    block.set(0, UnitField.records, 2);
    block.set(0, UnitField.newStates, 2);
    block.assignStateIds(1);
    block.assertCommitted(0, 2);
  };
  return { addToWrongPartition, exceedUnit, encodeTooMuch, leaveGapInIds };
}

describe('a broken invariant', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.resetModules();
  });

  it('throws in a debug build', async () => {
    const { addToWrongPartition, exceedUnit, encodeTooMuch, leaveGapInIds } = await build(true);
    expect(addToWrongPartition).toThrow('broken invariant: fingerprints are sorted by partition');
    expect(exceedUnit).toThrow('broken invariant: the records of a unit fit into its share');
    expect(encodeTooMuch).toThrow('broken invariant: a predecessor code has 16 bits');
    expect(leaveGapInIds).toThrow('broken invariant: the ids of new states are contiguous');
  });

  it('costs no check otherwise', async () => {
    for (const breakInvariant of Object.values(await build(false))) expect(breakInvariant).not.toThrow();
  });
});
