import { expect, it } from 'vitest';
import { compareDocument } from '../../src/app/compare/compare-document.ts';
import { precopy } from './precopy.ts';

it('a verdict that is violated ends `compare` with 1, and stands beside the figures of the clock', async () => {
  const small = ['--check-param', 'vcpus=1', '--check-param', 'pages=1', '--memory', '1MiB', '--duration', '50ms'];
  const { exitCode, stdout } = await precopy([
    ...['compare', 'rmap-xchg', 'rmap-xchg/no-flush', '--collect-every', '10ms', '--json', '--quiet'],
    ...small,
  ]);
  const { designs, notChecked } = compareDocument.parse(JSON.parse(stdout));
  expect(designs.map(({ design, check }) => [design, check?.verdict])).toEqual([
    ['rmap-xchg', 'holds'],
    ['rmap-xchg/no-flush', 'violated'],
  ]);
  for (const { clock } of designs) expect(clock.rounds).toBeGreaterThan(0);
  expect(notChecked).toEqual([]);
  expect(exitCode).toBe(1);
});
