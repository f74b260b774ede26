import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { start } from '../../cli/precopy.ts';
import { explore } from '../../support/explore.ts';
import { nightly } from '../../support/nightly.ts';
import wide from './design.ts';

const file = fileURLToPath(new URL('design.ts', import.meta.url));
const mebibyte = 2 ** 20;
/** of Node.js and precopy, before the search begins */
const baseBytes = 128 * mebibyte;

test('the violation is found at 10 counters', () => {
  expect(explore(wide, { n: 10 }).violation?.schedule).toHaveLength(3);
});

/** Returns the largest memory of a process in bytes, as Linux reports it, or 0 when it has ended. */
function peakBytes(pid: number | undefined): number {
  try {
    const [, kibibytes = '0'] = /VmHWM:\s*(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  } catch {
    return 0;
  }
}

test.each(nightly([80]))('a search of %i counters keeps within --max-memory', async (n) => {
  const limit = 64;
  const args = ['check', file, '--param', `n=${n}`, '--max-memory', `${limit}MiB`, '--workers', '1', '--time', '30s'];
  const { child, finished } = start(args);
  let peak = 0;
  const poll = setInterval(() => {
    peak = Math.max(peak, peakBytes(child.pid));
  }, 50);
  await finished;
  clearInterval(poll);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(baseBytes + limit * mebibyte);
});
