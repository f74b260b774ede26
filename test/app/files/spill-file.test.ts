import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpillFile } from '../../../src/app/files/spill-file.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'precopy-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const chunk = (value: number): Int32Array => new Int32Array(1000).fill(value);

describe('a spill file', () => {
  it('returns the chunks, and leaves no file behind', () => {
    const warnings: string[] = [];
    const file = new SpillFile(join(directory, 'new'), (text) => warnings.push(text));
    for (const place of [0, 2, 1, 2]) expect(file.write(place, chunk(place))).toBe(true);
    const read = new Int32Array(1000);
    for (const place of [2, 0, 1]) {
      file.read(place, read);
      expect(read).toEqual(chunk(place));
    }
    expect(readdirSync(join(directory, 'new'))).toEqual([]);
    file.close();
    expect(warnings).toEqual([]);
  });

  it('is not created before the first write', () => {
    new SpillFile(join(directory, 'new'), () => {}).close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('reports why a chunk cannot be written', () => {
    const warnings: string[] = [];
    writeFileSync(join(directory, 'file'), '');
    const file = new SpillFile(join(directory, 'file'), (text) => warnings.push(text));
    expect(file.write(0, chunk(1))).toBe(false);
    expect(warnings).toEqual([
      expect.stringMatching(/^the frontier does not fit into memory, nor on the disk of .*: EEXIST/),
    ]);
  });
});
