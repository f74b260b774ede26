import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { engines, refusalBy } from './engines.ts';
import { type Args, type Functions, toy } from './toys.ts';

/** Calls that tell a function more than the state, or do something besides, by the name that errors give them. */
const calls: Readonly<Record<string, () => unknown>> = {
  'Date.now': () => Date.now(),
  'new Date': () => new Date(),
  Date: () => Date(),
  'performance.now': () => performance.now(),
  'process.hrtime': () => process.hrtime(),
  'process.hrtime.bigint': () => process.hrtime.bigint(),
  'process.uptime': () => process.uptime(),
  'Math.random': () => Math.random(),
  'crypto.randomUUID': () => randomUUID(),
  'crypto.getRandomValues': () => crypto.getRandomValues(new Uint8Array(1)),
  setTimeout: () => setTimeout(() => undefined, 0),
  setImmediate: () => setImmediate(() => undefined),
  queueMicrotask: () => queueMicrotask(() => undefined),
  'process.env.HOME': () => process.env['HOME'],
  'process.exit': () => process.exit(0),
  'process.cwd': () => process.cwd(),
  'fs.readFileSync': () => readFileSync('/dev/null'),
  'fs.writeFileSync': () => writeFileSync('/dev/null', ''),
  'fs.existsSync': () => existsSync('/dev/null'),
  'fs.promises.readFile': () => readFile('/dev/null'),
  'net.connect': () => connect(1),
  'os.hostname': () => hostname(),
  fetch: () => fetch('http://localhost:1'),
};

const places: Readonly<Record<string, (call: () => unknown) => Functions>> = {
  "machine 'adder': the action 'add'": (call) => ({ action: () => void call() }),
  "machine 'adder': the action 'enter'": (call) => ({ entry: () => void call() }),
  "machine 'adder': the guard 'may'": (call) => ({ guard: () => call() !== call }),
  "the property 'always'": (call) => ({ always: () => call() !== call }),
};

test.each(Object.entries(calls))('an action does not call %s', (name, call) => {
  for (const engine of ['exhaustive, cached', 'exhaustive, not cached', 'live']) {
    const refused = refusalBy(engines[engine] as never, toy({ action: () => void call() }));
    expect(refused, engine).toBe(`machine 'adder': the action 'add' calls ${name}`);
  }
});

describe.each(Object.entries(engines))('%s', (engine, run) => {
  test.each(Object.entries(places))('%s does not call Math.random', (name, functionsWith) => {
    if (name.startsWith('the property') && ['live', 'liveness'].includes(engine)) return;
    expect(refusalBy(run, toy(functionsWith(() => Math.random())))).toBe(`${name} calls Math.random`);
  });
});

test('what a file reads while it loads is a constant, which its actions use', () => {
  const now = Date.now();
  expect(refusalBy(engines['exhaustive, cached'] as never, toy({ guard: () => now > 0 }))).toBe('nothing is refused');
});

test('an action may print to the console', () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const action = ({ context: { m } }: Args): void => {
    console.log('x is set');
    m.x.set(1);
  };
  expect(refusalBy(engines['exhaustive, cached'] as never, toy({ action }))).toBe('nothing is refused');
  expect(log).toHaveBeenCalled();
  log.mockRestore();
});

test('everyone else goes on calling them, and may set variables of the environment', () => {
  engines['exhaustive, cached']?.(toy({}));
  vi.stubEnv('PRECOPY_TEST_OF_PURITY', 'set');
  process.env['PRECOPY_TEST_OF_PURITY_2'] = 'set, too';
  expect([process.env['PRECOPY_TEST_OF_PURITY'], process.env['PRECOPY_TEST_OF_PURITY_2']]).toEqual(['set', 'set, too']);
  delete process.env['PRECOPY_TEST_OF_PURITY_2'];
  vi.unstubAllEnvs();
  expect(Math.random()).toBeLessThan(1);
  expect(new Date(0).getTime()).toBe(0);
  expect(new Date()).toBeInstanceOf(Date);
});
