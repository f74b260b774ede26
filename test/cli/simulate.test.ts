import { expect, it } from 'vitest';
import { Layout } from '../../src/model/memory.ts';
import { precopy } from './precopy.ts';

const small = ['rmap-xchg', '--memory', '1MiB', '--collect-every', '20ms', '--duration', '50ms', '--json', '--quiet'];
const designsOf = (stdout: string): unknown[] =>
  (JSON.parse(stdout) as { designs: Record<string, unknown>[] }).designs.map(({ wallSeconds, ...rest }) => rest);

it('the same figures to the bit on any number of threads', async () => {
  const [one, three] = await Promise.all(
    ['1', '3'].map((workers) => precopy(['simulate', ...small, '--runs', '3', '--workers', workers])),
  );
  expect(one?.exitCode).toBe(0);
  expect(designsOf(one?.stdout ?? '')).toEqual(designsOf(three?.stdout ?? ''));
});

it('a threshold that does not hold is named, and makes the exit code 1', async () => {
  const { exitCode, stderr } = await precopy(['simulate', ...small.slice(0, -1), '--expect', 'vcpuWrite.max < 1ns']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('rmap-xchg: not vcpuWrite.max < 1ns');
});

it.each([
  [['--cost', 'writeProtectPag=1ns'], /nothing costs 'writeProtectPag'\. did you mean writeProtectPage/],
  [['--expect', 'vcpuWrites.p99 < 1ms'], /there is no figure 'vcpuWrites\.p99'\. did you mean vcpuWrite\.p99/],
  [['--workload', 'hot:10%'], /'hot:10%' is no workload\. say uniform/],
  [['--workload', 'file:/dev/null'], /\/dev\/null is empty/],
])('wrong usage is explained: %s', async (flags, message) => {
  const { exitCode, stderr } = await precopy(['simulate', ...small, ...flags]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});

it('sizes that do not fit are refused before anything is allocated', () => {
  const layout = new Layout(2 ** 20);
  layout.block(2 ** 30);
  expect(() => layout.seal()).toThrow('takes 4.0 GiB at these sizes, and 0.0 GiB can be had');
});
