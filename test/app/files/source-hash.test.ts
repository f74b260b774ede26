import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashOfSources } from '../../../src/app/files/source-hash.ts';
import { folderWith, precopy } from '../../cli/precopy.ts';

const files = {
  'design.ts': "import { one } from './one.js';\nexport * from '../nowhere.ts';",
  'one.ts': "export const one = async () => (await import('./two')).two;",
  'two.ts': "import './design.ts';\nexport const two = 2;",
  'other.ts': 'export const other = 3;',
};

describe('the hash of sources', () => {
  it('changes with each module that a design is made of, however it is imported, and with no other', () => {
    const cwd = folderWith(files);
    const design = join(cwd, 'design.ts');
    const first = hashOfSources(design);
    expect(hashOfSources(join(folderWith(files), 'design.ts'))).toBe(first);
    expect(hashOfSources(undefined)).not.toBe(first);
    writeFileSync(join(cwd, 'other.ts'), 'changed');
    expect(hashOfSources(design)).toBe(first);
    for (const name of ['two.ts', 'one.ts', 'design.ts'] as const) {
      writeFileSync(join(cwd, name), `${files[name]} // changed`);
      expect(hashOfSources(design), name).not.toBe(first);
      writeFileSync(join(cwd, name), files[name]);
    }
  });
});

/** Counts up for long; how far, a helper says that no machine names. */
const counting = `
  import { counter, defineDesign, defineSystem, shared } from 'precopy';
  import { next } from './next.ts';
  const system = defineSystem({
    name: 'counting',
    memory: () => ({ mem: shared({ count: counter(9_999_999) }) }),
    actors: { one: 'one' },
  });
  const one = system
    .actor({ events: { STEP: {} } })
    .setup({ actions: { up: ({ context: { mem } }) => mem.count.set(next(mem.count.get())) } })
    .createMachine({ id: 'one', initial: 's', states: { s: { on: { STEP: { actions: 'up' } } } } });
  export default defineDesign({ id: 'counting', title: 'counts', system, machines: { one }, properties: [] });
`;

describe('check --checkpoint', () => {
  it('refuses to go on when a function has changed that an action calls', async () => {
    const cwd = folderWith({ 'counting.ts': counting, 'next.ts': 'export const next = (n: number) => n + 1;' });
    const args = ['check', 'counting.ts', '--max-states', '500', '--checkpoint', 'kept', '--workers', '1'];
    expect(await precopy(args, { cwd })).toMatchObject({ exitCode: 3 });
    writeFileSync(join(cwd, 'next.ts'), 'export const next = (n: number) => n + 2;');
    const { exitCode, stderr } = await precopy(args, { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^precopy: kept\/counting\.checkpoint is of another model/);
  });
});
