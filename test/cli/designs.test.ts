import { describe, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { designsDocument } from '../../src/app/designs/designs-schema.ts';
import { precopy } from './precopy.ts';

const everything = [...designs, ...mutants];

describe.concurrent('precopy designs', () => {
  it('lists every design and mutant, with version, commit and bug', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['designs']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const { id } of everything) expect(stdout).toMatch(new RegExp(`^${id} `, 'm'));
    expect(stdout).toMatch(/rmap-xchg +Linux 3\.5 and 3\.6 +O\(W \+ D\) +1/);
    expect(stdout).toContain('GET_DIRTY_LOG returns without a TLB flush');
  });

  it('fits 100 columns where there is no terminal', async ({ expect }) => {
    const { stdout } = await precopy(['designs']);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('prints only ids with --quiet', async ({ expect }) => {
    const { stdout } = await precopy(['designs', '--quiet']);
    expect(stdout.trim().split('\n')).toEqual(everything.map(({ id }) => id));
  });

  it('prints one document of its schema with --json', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['designs', '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const document = JSON.parse(stdout);
    expect(designsDocument.parse(document)).toEqual(document);
    expect(document.designs.map(({ design }: { design: string }) => design)).toEqual(designs.map(({ id }) => id));
    expect(document.mutants).toHaveLength(mutants.length);
  });
});
