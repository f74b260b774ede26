import { expect, it } from 'vitest';
import { compareDocument } from '../../src/app/compare/compare-document.ts';
import { precopy } from './precopy.ts';

it('`compare` joins verdicts with simulated figures, and exits with 1 if a property is violated', async () => {
  const small = ['--check-param', 'vcpus=1', '--check-param', 'pages=1', '--memory', '1MiB', '--duration', '50ms'];
  const { exitCode, stdout } = await precopy([
    ...['compare', 'rmap-xchg', 'rmap-xchg/no-flush', '--collect-every', '10ms', '--json', '--quiet'],
    ...small,
  ]);
  const { check, simulate } = compareDocument.parse(JSON.parse(stdout));
  const verdicts = [...check.designs, ...(check.mutants ?? [])].map(({ design, verdict }) => [design, verdict]);
  expect(verdicts).toEqual([
    ['rmap-xchg', 'holds'],
    ['rmap-xchg/no-flush', 'violated'],
  ]);
  expect(simulate.designs.map(({ design }) => design)).toEqual(verdicts.map(([design]) => design));
  for (const { rounds } of simulate.designs) expect(rounds).toBeGreaterThan(0);
  expect([...check.notChecked, ...simulate.notRun]).toEqual([]);
  expect(exitCode).toBe(1);
});
