import {
  closeSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownName } from '../files/process-name.ts';
import { partsOf } from './campaign-folder.ts';

/** What the file of a lease says. */
export interface LeaseText {
  readonly worker: string;
  /** the process, as `ownName` names it */
  readonly owner: string;
  /** how often the worker renews the lease */
  readonly renewedEverySeconds: number;
  /** number of renewals */
  readonly beat: number;
  /** how many workers have had the shard, this one included */
  readonly attempt: number;
}

/** A lease of this worker. */
export interface Lease {
  readonly shard: string;
  readonly attempt: number;
}

/** A lease that is not renewed for this many of its intervals is taken over. */
const patience = 4;
/** No worker renews its leases less often. */
const maxRenewalSeconds = 3600;

/**
 * The leases of a campaign, as one worker sees them: files that say which worker runs a shard. A lease is created with
 * exclusive access, renewed and taken over by renames, which are atomic on NFS, too. Nobody compares the clocks of two
 * machines: a lease lapses if a worker has watched its file, by its own clock, for so long without a change.
 *
 * A lease saves work; nothing depends on it. If two workers run a shard, one because the other was stopped for long,
 * both find the same result.
 */
export class Leases {
  private readonly folder: string;
  private readonly watched = new Map<string, { readonly text: string; readonly sinceMs: number }>();
  private held: { readonly lease: Lease; beat: number } | undefined;

  /**
   * @param worker its name
   * @param lapseSeconds time after which other workers take over a lease of this one that is not renewed
   */
  constructor(
    campaign: string,
    private readonly worker: string,
    private readonly lapseSeconds: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.folder = partsOf(campaign).leases;
  }

  /** Takes the lease of a shard. Returns undefined if another worker has it. */
  take(shard: string): Lease | undefined {
    return this.create(shard, 1);
  }

  /** Takes over the lease of a shard if it has lapsed, or if it is gone. */
  takeOver(shard: string): Lease | undefined {
    const path = this.pathOf(shard);
    const text = textAt(path);
    if (text === undefined) return this.create(shard, 1);
    if (!this.hasLapsed(shard, text)) return undefined;
    const aside = `${path}.${this.worker}`;
    try {
      renameSync(path, aside);
    } catch {
      return undefined;
    }
    // Another worker may have been faster, and have renewed the lease under this name.
    const isOther = textAt(aside) !== text;
    if (isOther) restore(aside, path);
    rmSync(aside, { force: true });
    return isOther ? undefined : this.create(shard, (parse(text)?.attempt ?? 0) + 1);
  }

  /** Renews the lease that this worker has. Returns false if another worker has taken it over. */
  renew(): boolean {
    if (!this.held) return true;
    const path = this.pathOf(this.held.lease.shard);
    if (parse(textAt(path))?.worker !== this.worker) return false;
    this.held.beat++;
    const next = `${path}.${this.worker}`;
    writeFileSync(next, this.textOf(this.held.lease, this.held.beat));
    renameSync(next, path);
    return true;
  }

  /** Gives the lease of this worker back. */
  release(): void {
    if (!this.held) return;
    const path = this.pathOf(this.held.lease.shard);
    if (parse(textAt(path))?.worker === this.worker) rmSync(path, { force: true });
    this.held = undefined;
  }

  /** Removes the leases of shards that have results: a worker that is killed after it wrote one leaves its lease. */
  removeOf(hasResult: (shard: string) => boolean): void {
    for (const shard of readdirSync(this.folder)) if (hasResult(shard)) rmSync(this.pathOf(shard), { force: true });
  }

  private hasLapsed(shard: string, text: string): boolean {
    const lease = parse(text);
    if (lease && !isAlive(lease.owner)) return true;
    const watched = this.watched.get(shard);
    const now = this.nowMs();
    if (watched?.text !== text) {
      this.watched.set(shard, { text, sinceMs: now });
      return false;
    }
    const interval = lease ? Math.min(lease.renewedEverySeconds, maxRenewalSeconds) : this.lapseSeconds / patience;
    return now - watched.sinceMs >= 1000 * patience * interval;
  }

  private create(shard: string, attempt: number): Lease | undefined {
    const lease = { shard, attempt };
    let file: number;
    try {
      file = openSync(this.pathOf(shard), 'wx', 0o644);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error;
    }
    try {
      writeSync(file, this.textOf(lease, 0));
    } finally {
      closeSync(file);
    }
    this.held = { lease, beat: 0 };
    return lease;
  }

  private textOf({ attempt }: Lease, beat: number): string {
    const renewedEverySeconds = this.lapseSeconds / patience;
    const text: LeaseText = { worker: this.worker, owner: ownName(), renewedEverySeconds, beat, attempt };
    return JSON.stringify(text);
  }

  private pathOf(shard: string): string {
    return join(this.folder, shard);
  }
}

/** Returns the interval at which a worker renews its leases, in milliseconds. */
export const renewalMs = (lapseSeconds: number): number => (1000 * lapseSeconds) / patience;

/** Puts a lease back, unless there is a new one. */
function restore(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Returns the text of a lease; undefined if it is gone. */
export function textAt(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Parses the text of a lease; undefined if its worker was killed while it wrote it. */
export function parse(text: string | undefined): LeaseText | undefined {
  try {
    const lease = JSON.parse(text ?? '') as LeaseText;
    return typeof lease.owner === 'string' && lease.attempt > 0 && lease.renewedEverySeconds > 0 ? lease : undefined;
  } catch {
    return undefined;
  }
}
