import { type CommandContext, runCommand } from '../command.ts';
import type { Checkout } from './checkout.ts';
import type { PairedSamples } from './comparison.ts';
import { type Figure, readSample, type Sample, startsOfSample } from './figures.ts';

const limitSeconds = 120;

/** An engine that stops at its bound ends with 3: inconclusive. */
const exitCodes = [0, 3];

/** The samples of a figure while they are collected. */
interface Collected {
  readonly figure: Figure;
  readonly base: Sample[];
  readonly head: Sample[];
  failure?: string;
}

/**
 * Measures two commits in turns: every round takes each figure at both, and every other round begins with the head. A
 * figure that fails at a commit is left out from then on.
 */
export async function measureInTurns(
  at: CommandContext,
  commits: { readonly base: Checkout; readonly head: Checkout },
  figures: readonly Figure[],
  rounds: number,
  onRound: (round: number) => void,
): Promise<readonly PairedSamples[]> {
  const all: Collected[] = figures.map((figure) => ({ figure, base: [], head: [] }));
  for (let round = 0; round < rounds; round++) {
    onRound(round);
    const order = round % 2 === 0 ? (['base', 'head'] as const) : (['head', 'base'] as const);
    for (const collected of all) {
      for (const side of order) {
        if (collected.failure !== undefined) continue;
        const { revision, folder } = commits[side];
        try {
          collected[side].push(await measureOnce({ ...at, folder }, collected.figure));
        } catch (error) {
          if ((error as Error).name === 'AbortError') throw error;
          collected.failure = `${revision}: ${(error as Error).message.split('\n')[0]}`;
        }
      }
    }
  }
  return all;
}

/** Runs the command of a figure as a user would: a process of its own, so V8 starts cold. */
async function measureOnce(at: CommandContext, { unit, args }: Figure): Promise<Sample> {
  const command = ['bin/precopy.js', ...args];
  if (unit !== 'starts')
    return readSample(unit, (await runCommand(at, limitSeconds, process.execPath, command, exitCodes)).stdout);
  let total = 0;
  for (let n = 0; n < startsOfSample; n++)
    total += (await runCommand(at, limitSeconds, process.execPath, command)).seconds;
  return { seconds: total, work: startsOfSample, counts: '' };
}
