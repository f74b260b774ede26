import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WatchedFiles } from '../../../src/app/explore/watched-files.ts';
import { folderWith } from '../../cli/precopy.ts';

/** Watches, and returns a function that waits until a file has changed. */
function watched(): { files: WatchedFiles; changeOf(path: string): Promise<boolean> } {
  const waiting = new Map<string, (isWatched: boolean) => void>();
  const files = new WatchedFiles((path, isWatched) => waiting.get(path)?.(isWatched));
  onTestFinished(() => files.close());
  return { files, changeOf: (path) => new Promise((resolve) => waiting.set(path, resolve)) };
}

describe('files that are watched', () => {
  it('tell a change of one of them from one beside them', async () => {
    const folder = folderWith({ 'mine.ts': '' });
    const [mine, log] = [join(folder, 'mine.ts'), join(folder, 'log.txt')];
    const { files, changeOf } = watched();
    files.watch([mine]);
    const both = Promise.all([changeOf(mine), changeOf(log)]);
    writeFileSync(log, 'x');
    writeFileSync(join(folder, 'new'), 'x');
    renameSync(join(folder, 'new'), mine);
    expect(await both).toEqual([true, false]);
  });

  it('can be others later, in another folder', async () => {
    const folder = folderWith({ 'mine.ts': '' });
    mkdirSync(join(folder, 'parts'));
    const part = join(folder, 'parts', 'part.ts');
    const { files, changeOf } = watched();
    files.watch([join(folder, 'mine.ts')]);
    files.watch([join(folder, 'mine.ts'), part]);
    const changed = changeOf(part);
    writeFileSync(part, 'x');
    expect(await changed).toBe(true);
  });
});
