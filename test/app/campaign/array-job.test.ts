import { describe, expect, it } from 'vitest';
import { arrayJobOf, runOptions } from '../../../src/app/campaign/export/array-job.ts';
import { planOf } from './plan-of.ts';

const limits = { maxTasks: 100, worthwhileSeconds: 60 };
const GiB = 2 ** 30;

describe('the tasks of an array', () => {
  it('are each worth their start: short shards share a task', () => {
    expect(arrayJobOf(planOf(600, { seconds: 1 }), '/c', { retries: 3 }, limits).tasks).toBe(10);
  });

  it('are as many as shards where each shard is long, and no more', () => {
    expect(arrayJobOf(planOf(7, { seconds: 3600 }), '/c', { retries: 3 }, limits).tasks).toBe(7);
    expect(arrayJobOf(planOf(7), '/c', { retries: 3, tasks: 50 }, limits).tasks).toBe(7);
  });

  it('are as many as the scheduler takes where nothing is known of many shards', () => {
    expect(arrayJobOf(planOf(5000), '/c', { retries: 3 }, limits).tasks).toBe(100);
  });

  it('are refused where the scheduler takes fewer', () => {
    expect(() => arrayJobOf(planOf(5000), '/c', { retries: 3, tasks: 101 }, limits)).toThrow('--tasks is 101');
  });
});

describe('the memory of a task', () => {
  it('is half as much again as the largest estimate, in whole GiB', () => {
    expect(arrayJobOf(planOf(2, { memoryBytes: 5 * GiB }), '/c', { retries: 3 }, limits).memoryBytes).toBe(8 * GiB);
  });

  it('is 4 GiB where nothing is known, of which a search may have three', () => {
    const job = arrayJobOf(planOf(2), '/c', { retries: 3 }, limits);
    expect(job.memoryBytes).toBe(4 * GiB);
    expect(runOptions(job)).toContain(`--memory ${3 * GiB}B`);
  });
});
