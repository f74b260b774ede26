import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Leases, type LeaseText } from '../../../src/app/campaign/lease.ts';
import { ownName } from '../../../src/app/files/process-name.ts';
import { emptyFolder } from '../../cli/precopy.ts';

const shard = '0123456789abcdef0123';
let folder = '';
let nowMs = 0;

beforeEach(() => {
  folder = emptyFolder();
  nowMs = 0;
  mkdirSync(join(folder, 'leases'));
});

const leases = (): Leases => new Leases(folder, 'me', 60, () => nowMs);
const path = (): string => join(folder, 'leases', shard);
const written = (): LeaseText => JSON.parse(readFileSync(path(), 'utf8')) as LeaseText;

/** Writes the lease of a worker of another machine, whose clock and processes nobody here knows. */
function foreignLease(change: Partial<LeaseText> = {}): void {
  const lease = { worker: 'other', owner: '1 2 other-host', renewedEverySeconds: 15, beat: 0, attempt: 1, ...change };
  writeFileSync(path(), JSON.stringify(lease));
}

describe('a lease', () => {
  it('has one owner', () => {
    expect(leases().take(shard)).toEqual({ shard, attempt: 1 });
    expect(leases().take(shard)).toBeUndefined();
    expect(written()).toMatchObject({ worker: 'me', owner: ownName(), beat: 0, renewedEverySeconds: 15 });
  });

  it('is gone when it is released', () => {
    const own = leases();
    own.take(shard);
    own.release();
    expect(readdirSync(join(folder, 'leases'))).toEqual([]);
  });

  it('changes when it is renewed', () => {
    const own = leases();
    own.take(shard);
    expect(own.renew()).toBe(true);
    expect(written().beat).toBe(1);
  });

  it('is removed by another worker if its shard has a result', () => {
    foreignLease();
    leases().removeOf((name) => name !== shard);
    expect(written().worker).toBe('other');
    leases().removeOf((name) => name === shard);
    expect(readdirSync(join(folder, 'leases'))).toEqual([]);
  });

  it('that another worker took over is neither renewed nor removed', () => {
    const own = leases();
    own.take(shard);
    foreignLease();
    expect(own.renew()).toBe(false);
    own.release();
    expect(written().worker).toBe('other');
  });
});

describe('a lease of another machine', () => {
  it('is taken over after four intervals without a change, by the clock of the watcher', () => {
    foreignLease();
    const own = leases();
    expect(own.takeOver(shard)).toBeUndefined();
    nowMs = 59_999;
    expect(own.takeOver(shard)).toBeUndefined();
    nowMs = 60_000;
    expect(own.takeOver(shard)).toEqual({ shard, attempt: 2 });
    expect(readdirSync(join(folder, 'leases'))).toEqual([shard]);
  });

  it('is not taken over while it changes, however seldom its owner renews it', () => {
    const own = leases();
    for (let beat = 0; beat < 5; beat++) {
      foreignLease({ beat, renewedEverySeconds: 600 });
      expect(own.takeOver(shard)).toBeUndefined();
      nowMs += 2_399_999;
    }
  });

  it('is taken over after a while even if it is torn, or claims that it is renewed once a century', () => {
    const own = leases();
    for (const spoil of [() => writeFileSync(path(), '{"wor'), () => foreignLease({ renewedEverySeconds: 3e9 })]) {
      spoil();
      expect(own.takeOver(shard)).toBeUndefined();
      nowMs += 4 * 3600_000;
      expect(own.takeOver(shard)).toBeDefined();
      own.release();
    }
  });
});

it('a lease of a process of this machine that has ended is taken over at once', () => {
  foreignLease({ owner: ownName().replace(/ \d+ /, ' 1 '), attempt: 3 });
  expect(leases().takeOver(shard)).toEqual({ shard, attempt: 4 });
});

it('a lease that is gone is taken', () => {
  expect(leases().takeOver(shard)).toEqual({ shard, attempt: 1 });
});
