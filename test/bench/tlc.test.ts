import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Refuted } from '../../bench/measurement.ts';
import { measureTlc } from '../../bench/tlc.ts';
import { readTlcReport } from '../../bench/tlc-report.ts';

const message = (code: number, severity: number, text: string): string =>
  `@!@!@STARTMSG ${code}:${severity} @!@!@\n${text}\n@!@!@ENDMSG ${code} @!@!@\n`;
const start = message(2262, 0, 'TLC2 Version 2.19 of 08 August 2024 (rev: 5a47802)');
const statistics = (left: number) =>
  message(
    2200,
    0,
    `Progress(48) at 2026-11-23 10:00:01: 2,000 states generated, 1,000 distinct states found, ${left} states left on queue.`,
  ) + message(2199, 0, `2210 states generated, 1090 distinct states found, ${left} states left on queue.`);
const end = message(2186, 0, 'Finished in 1279ms at (2026-11-23 10:00:01)');
const proof = message(2193, 0, 'Model checking completed. No error has been found.\n  Estimates of the probability');

describe('the report of TLC', () => {
  it('is read', () => {
    const report = {
      version: 'TLC2 Version 2.19 of 08 August 2024 (rev: 5a47802)',
      states: 1090,
      transitions: 2210,
      seconds: 1.279,
    };
    expect(readTlcReport(start + proof + statistics(0) + end)).toEqual(report);
  });

  it('with an error is no report of a proof', () => {
    const violated = message(2110, 1, 'Invariant NoLostWrite is violated.');
    const read = () => readTlcReport(start + violated + statistics(0) + end);
    expect(read).toThrow('Invariant NoLostWrite is violated.');
    expect(read).toThrow(Refuted);
    const failed = message(1000, 1, 'TLC threw an unexpected exception.');
    expect(() => readTlcReport(start + failed + end)).not.toThrow(Refuted);
  });

  it('of a search that is not complete is none, either', () => {
    expect(() => readTlcReport(start + proof + statistics(3) + end)).toThrow('0 states left on queue');
    expect(() => readTlcReport(start + statistics(0) + end)).toThrow('Model checking completed');
  });
});

describe('a run of TLC', () => {
  const path = process.env['PATH'];
  afterEach(() => {
    process.env['PATH'] = path;
  });

  /** A `java` that writes its arguments to a file, and this to stdout. */
  function fakeJava(stdout: string, exitCode: number): string {
    const folder = mkdtempSync(join(tmpdir(), 'precopy-tlc-'));
    mkdirSync(join(folder, 'bin'));
    const java = join(folder, 'bin', 'java');
    writeFileSync(join(folder, 'stdout'), stdout);
    writeFileSync(java, `#!/bin/sh\necho "$@" >'${folder}/arguments'\ncat '${folder}/stdout'\nexit ${exitCode}\n`);
    chmodSync(java, 0o755);
    process.env['PATH'] = `${join(folder, 'bin')}:${path}`;
    return folder;
  }

  const twoWorkers = { tool: 'TLC', name: 'TLC symmetry, 2 workers', workers: 2, symmetry: true } as const;
  const scenario = { name: 'tiny', vcpus: 2, pages: 3, emulating: 1, runs: 1 };
  const measure = (folder: string) =>
    measureTlc({ folder, signal: new AbortController().signal }, twoWorkers, scenario, '/a/tla2tools.jar');

  it('is given the model, the constants of the scenario and the jar', async () => {
    const folder = fakeJava(start + proof + statistics(0) + end, 0);
    expect(await measure(folder)).toMatchObject({ states: 1090, transitions: 2210, searchSeconds: 1.279 });
    expect(readFileSync(join(folder, 'arguments'), 'utf8')).toMatch(
      /-cp \/a\/tla2tools\.jar tlc2\.TLC .*-workers 2 RmapXchg\.tla$/m,
    );
    const config = readFileSync(join(folder, 'tiny TLC symmetry, 2 workers', 'RmapXchg.cfg'), 'utf8');
    for (const line of ['Vcpus = {v0, v1}', 'Emulating = {v0}', 'Pages = {0, 1, 2}', 'SYMMETRY Symmetry'])
      expect(config).toContain(line);
  });

  it('that fails says what TLC says', async () => {
    const folder = fakeJava(start + message(2110, 1, 'Invariant FinalImage is violated.'), 12);
    await expect(measure(folder)).rejects.toThrow('Invariant FinalImage is violated.');
  });
});
