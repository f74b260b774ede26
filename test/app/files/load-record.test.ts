import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { LoadRecord } from '../../../src/app/files/load-record.ts';
import { emptyFolder } from '../../cli/precopy.ts';

const folder = emptyFolder();
const file = (name: string): string => join(folder, name);
mkdirSync(file('folder'));

beforeEach(() => {
  delete process.env['PRECOPY_CASE'];
  writeFileSync(file('data'), 'first');
  writeFileSync(file('module.ts'), 'first');
});

/** Records what this module does while it "loads". */
async function recordOf(load: () => unknown, imports: readonly (readonly [string, string])[] = []): Promise<string> {
  const record = new LoadRecord(() => imports);
  await record.during(import.meta.url, async () => load());
  return record.hash;
}

const here = import.meta.url;
const module = pathToFileURL(file('module.ts')).href;

/** What a design may do while it loads, and what then makes another design of it. */
const dependencies: Record<string, { readonly load?: () => unknown; readonly change: () => void }> = {
  'the contents of a file': { load: () => readFileSync(file('data')), change: () => writeFileSync(file('data'), 'x') },
  'a file read with a promise': { load: () => readFile(file('data')), change: () => writeFileSync(file('data'), 'x') },
  'a file named by a URL': {
    load: () => readFileSync(pathToFileURL(file('data'))),
    change: () => writeFileSync(file('data'), 'x'),
  },
  'the names in a folder': {
    load: () => readdirSync(file('folder')),
    change: () => writeFileSync(join(file('folder'), randomUUID()), ''),
  },
  'the environment': {
    load: () => process.env['PRECOPY_CASE'],
    change: () => {
      process.env['PRECOPY_CASE'] = '3';
    },
  },
  'all of the environment': {
    load: () => ({ ...process.env }),
    change: () => {
      process.env['PRECOPY_CASE'] = '3';
    },
  },
  'a module': { change: () => writeFileSync(file('module.ts'), 'x') },
};

describe('the record of what a design depends on while it loads', () => {
  it.each(Object.entries(dependencies))('holds %s', async (_, { load = () => {}, change }) => {
    const imports = [[here, module]] as const;
    const first = await recordOf(load, imports);
    expect(await recordOf(load, imports)).toBe(first);
    change();
    expect(await recordOf(load, imports)).not.toBe(first);
  });

  it('holds nothing else', async () => {
    const first = await recordOf(() => hostname());
    process.env['PRECOPY_CASE'] = '3';
    writeFileSync(file('data'), 'x');
    expect(await recordOf(() => hostname(), [['file:///elsewhere.ts', module]])).toBe(first);
  });

  it('stays as it was when the file changes afterwards', async () => {
    const record = new LoadRecord(() => []);
    await record.during(here, async () => readFileSync(file('data')));
    const { hash } = record;
    writeFileSync(file('data'), 'x');
    await record.during(here, async () => readFileSync(file('data')));
    expect(record.hash).toBe(hash);
  });

  const unrepeatable: Record<string, () => unknown> = {
    'Date.now': () => Date.now(),
    'new Date': () => new Date(),
    Date: () => Date(),
    'performance.now': () => performance.now(),
    'process.hrtime': () => process.hrtime(),
    'process.hrtime.bigint': () => process.hrtime.bigint(),
    'os.uptime': () => uptime(),
    'Math.random': () => Math.random(),
    'crypto.randomUUID': () => randomUUID(),
    'crypto.getRandomValues': () => crypto.getRandomValues(new Uint8Array(1)),
    'process.stdin': () => process.stdin,
    'fs.readFileSync': () => readFileSync('/dev/urandom'),
    'process.exit': () => process.exit(0),
    'process.abort': () => process.abort(),
    'process.chdir': () => process.chdir('/'),
    fetch: () => fetch('http://localhost:1'),
  };

  it.each(Object.entries(unrepeatable))('refuses %s', async (name, call) => {
    await expect(recordOf(call)).rejects.toMatchObject({
      code: 'BAD_DESIGN',
      message: expect.stringMatching(new RegExp(`^test/app/files/load-record\\.test\\.ts:\\d+ calls ${name} while`)),
    });
  });

  it('refuses it also where the code catches the refusal', async () => {
    const load = () => {
      try {
        return Math.random();
      } catch {
        return 1;
      }
    };
    await expect(recordOf(load)).rejects.toMatchObject({ code: 'BAD_DESIGN' });
  });

  it('leaves dates, timers and what others do alone', async () => {
    const others = new Function('return Date.now()') as () => number;
    await recordOf(async () => {
      expect(new Date(5).getTime()).toBe(5);
      await new Promise((resolve) => setTimeout(resolve, 1));
    });
    expect(others()).toBeGreaterThan(0);
    expect(new Date() instanceof Date).toBe(true);
  });
});
