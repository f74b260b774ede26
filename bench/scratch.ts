import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Workplace } from './command.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Does work in a temporary folder that is removed afterwards, also when the work fails or is interrupted. */
export async function inScratchFolder<T>(work: (at: Workplace) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const abort = () => interrupt.abort();
  for (const signal of signals) process.once(signal, abort);
  const folder = await mkdtemp(join(tmpdir(), 'precopy-bench-'));
  try {
    return await work({ folder, signal: interrupt.signal });
  } finally {
    for (const signal of signals) process.off(signal, abort);
    await rm(folder, { recursive: true, force: true });
  }
}
