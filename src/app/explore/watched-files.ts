import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Watches files by their folders: a file that an editor replaces, or that is missing for a moment, is watched on.
 * @example
 * const watched = new WatchedFiles((path) => console.log(path));
 * watched.watch(['/home/me/my-design.ts']);
 */
export class WatchedFiles {
  private readonly watchers = new Map<string, FSWatcher>();
  private files: ReadonlySet<string> = new Set();

  /** @param changed called with each file of those folders that has changed, and whether it is one of the watched */
  constructor(private readonly changed: (path: string, isWatched: boolean) => void) {}

  /** Watches these files, and no others any more: absolute paths. */
  watch(files: readonly string[]): void {
    this.files = new Set(files);
    const folders = new Set(files.map((path) => dirname(path)));
    for (const [folder, watcher] of this.watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.watchers.delete(folder);
    }
    for (const folder of folders) {
      if (this.watchers.has(folder)) continue;
      const watcher = watch(folder, (_, name) => {
        const path = join(folder, name ?? '');
        this.changed(path, name === null || this.files.has(path));
      });
      watcher.on('error', () => this.watchers.delete(folder));
      this.watchers.set(folder, watcher);
    }
  }

  close(): void {
    for (const watcher of this.watchers.values()) watcher.close();
    this.watchers.clear();
  }
}
