import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpillFile } from '../../../src/app/files/spill-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'precopy-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const chunk = (value: number): Int32Array => new Int32Array(1000).fill(value);

describe('a scratch file', () => {
  it('gives chunks back, and has no name that could be left behind', () => {
    const warnings: string[] = [];
    const file = new SpillFile(join(folder, 'new'), (text) => warnings.push(text));
    for (const place of [0, 2, 1, 2]) expect(file.write(place, chunk(place))).toBe(true);
    const read = new Int32Array(1000);
    for (const place of [2, 0, 1]) {
      file.read(place, read);
      expect(read).toEqual(chunk(place));
    }
    expect(readdirSync(join(folder, 'new'))).toEqual([]);
    file.close();
    expect(warnings).toEqual([]);
  });

  it('is not made where nothing is written', () => {
    new SpillFile(join(folder, 'new'), () => {}).close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says why it has no room', () => {
    const warnings: string[] = [];
    writeFileSync(join(folder, 'file'), '');
    const file = new SpillFile(join(folder, 'file'), (text) => warnings.push(text));
    expect(file.write(0, chunk(1))).toBe(false);
    expect(warnings).toEqual([expect.stringMatching(/^the frontier does not fit into memory, nor into .*: EEXIST/)]);
  });
});
