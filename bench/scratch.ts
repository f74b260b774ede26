import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandContext } from './command.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does work in a temporary folder and removes the folder afterwards, also when the work fails or is interrupted. On
 * Ctrl-C the signal comes twice, from the terminal and from tsx: the second one must not end the process before the
 * folder is gone.
 */
export async function inScratchFolder<T>(work: (at: CommandContext) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  for (const signal of signals) process.on(signal, abort);
  const folder = await mkdtemp(join(tmpdir(), 'precopy-bench-'));
  try {
    return await work({ folder, signal: interrupt.signal });
  } finally {
    await rm(folder, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, abort);
  }
}
