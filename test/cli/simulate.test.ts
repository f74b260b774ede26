import { existsSync, statSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../src/app/simulate/page-recording.ts';
import { simulateDocument } from '../../src/app/simulate/simulate-document.ts';
import { Layout } from '../../src/model/state-layout.ts';
import { folderWith, precopy, start } from './precopy.ts';

const small = ['rmap-xchg', '--memory', '1MiB', '--collect-every', '20ms', '--duration', '50ms', '--json', '--quiet'];
const designsOf = (stdout: string): unknown[] =>
  (JSON.parse(stdout) as { designs: Record<string, unknown>[] }).designs.map(({ wallSeconds, ...rest }) => rest);

it('figures are equal to the bit on any number of threads', async () => {
  const [one, three] = await Promise.all(
    ['1', '3'].map((workers) => precopy(['simulate', ...small, '--runs', '3', '--workers', workers])),
  );
  expect(one?.exitCode).toBe(0);
  expect(designsOf(one?.stdout ?? '')).toEqual(designsOf(three?.stdout ?? ''));
});

it('a threshold that fails is reported, with exit code 1', async () => {
  const { exitCode, stderr } = await precopy(['simulate', ...small.slice(0, -1), '--expect', 'vcpuWrite.max < 1ns']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('rmap-xchg: not vcpuWrite.max < 1ns');
});

it.each([
  [
    ['--cost', 'writeProtectPag=1ns'],
    /no action or posted message is called 'writeProtectPag'\. did you mean writeProtectPage/,
  ],
  [['--expect', 'vcpuWrites.p99 < 1ms'], /there is no figure 'vcpuWrites\.p99'\. did you mean vcpuWrite\.p99/],
  [['--workload', 'hot:10%'], /'hot:10%' is not a workload\. use uniform/],
  [['--workload', 'file:/dev/null'], /\/dev\/null is not a regular file/],
])('wrong usage is reported: %s', async (flags, message) => {
  const { exitCode, stderr } = await precopy(['simulate', ...small, ...flags]);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(message);
});

it('params that do not fit into memory are refused before anything is allocated', () => {
  const layout = new Layout(2 ** 20);
  layout.block(2 ** 30);
  expect(() => layout.seal()).toThrow('takes 4.0 GiB at these params, and 0.0 GiB of memory are free');
});

/** Waits until the only file of a folder has content. */
async function contentOf(folder: string, file: string): Promise<void> {
  for await (const _ of watch(folder)) if (existsSync(file) && statSync(file).size > 0) return;
}

/** A run that would take hours. */
const endless = [
  'simulate',
  'rmap-xchg',
  '--memory',
  '64MiB',
  '--collect-every',
  '1s',
  '--duration',
  '1000h',
  '--json',
];

describe.concurrent('an endless run', () => {
  it('is stopped by Ctrl-C: partial figures on stdout, exit code 3', async ({ expect }) => {
    const folder = folderWith({});
    const trace = join(folder, 'trace');
    const written = contentOf(folder, trace);
    const running = start([...endless, '--perfetto', trace]);
    // The trace is opened before the first step, and the signal handler is installed before that.
    await written;
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.finished;
    const document = JSON.parse(stdout);
    expect(exitCode).toBe(3);
    expect(simulateDocument.parse(document).designs).toMatchObject([{ endedEarly: 'interrupt' }]);
  });

  it('is stopped by --time: partial figures, and the designs that were not run', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy([...endless, 'lock-break', '--time', '300ms']);
    expect(exitCode).toBe(3);
    const { designs, notRun } = JSON.parse(stdout);
    expect(designs).toMatchObject([{ design: 'rmap-xchg', endedEarly: 'time' }]);
    expect(notRun).toEqual([{ design: 'lock-break', reason: 'time' }]);
    expect(stderr).toMatch(/rmap-xchg: partial, stopped by --time after/);
    expect(stderr).toMatch(/^stopped by --time; not run: lock-break$/m);
    expect(stderr).not.toContain('\u001b');
  });
});

describe('a recorded list of pages', () => {
  const folder = folderWith({ plain: '3\n0x10\n7\n', bad: '1\n2\nmany\n' });

  it('is read plain or gzipped, decimal or hexadecimal', () => {
    const packed = join(folder, 'packed.gz');
    writeFileSync(packed, gzipSync('3\n0x10\n7\n'));
    expect([...readRecording(packed, 100)]).toEqual([3, 16, 7]);
    expect([...readRecording(join(folder, 'plain'), 100)]).toEqual([3, 16, 7]);
  });

  it('is refused with file and line if a line is malformed or a page is beyond the guest', () => {
    expect(() => readRecording(join(folder, 'bad'), 100)).toThrow(/bad:3: 'many' is not a page number/);
    expect(() => readRecording(join(folder, 'plain'), 10)).toThrow(/plain:2: page 16 is beyond the 10 pages/);
  });
});
