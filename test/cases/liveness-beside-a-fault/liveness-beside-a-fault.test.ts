import { expect, test } from 'vitest';
import { executeJob, prepareJob } from '../../../src/app/check/verification-job.ts';
import { over } from './design.ts';

test('a fault that the search for fair cycles reaches is confirmed as such', async () => {
  const job = await prepareJob({ design: over }, { checks: 'liveness', params: {} });
  const { exploration, trace } = await executeJob(
    job,
    {},
    { workers: 1, onProgress: () => undefined, stop: () => undefined },
  );
  expect(exploration.violation?.property).toBe('well-formed');
  expect(trace?.violation?.property).toBe('well-formed');
});
