import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names this process, for as long as it runs: its id may be given again afterwards. */
export const ownName = (): string => `${process.pid} ${startOf(process.pid)} ${hostname()}`;

/**
 * Returns false if the process of a name has ended. Of one on another machine nobody knows.
 * @param holder what `ownName` returned there
 */
export function isAlive(holder: string): boolean {
  const [pid, start, host] = holder.split(' ');
  if (host !== undefined && host !== hostname()) return true;
  try {
    process.kill(Number(pid), 0);
    return startOf(Number(pid)) === start;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns when a process started, in ticks since the machine did, where the system tells. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
