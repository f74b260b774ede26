import { setTimeout as wait } from 'node:timers/promises';
import { Machine } from '../vm/machine.ts';
import type { Collector } from './collectors.ts';
import { type LostWrite, Oracle } from './oracle.ts';
import type { PatternName } from './pattern-names.ts';
import { choosePattern, Dice, Writers } from './writers.ts';

/** How a collector is stressed. */
export interface StressOptions {
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly hugePages: boolean;
  readonly seconds: number;
  readonly seed: number;
  readonly pattern: PatternName;
  /** signals to the threads of the vCPUs, so many after each round */
  readonly kicks: number;
  /** pages a call of KVM_CLEAR_DIRTY_LOG; chosen by the seed where it is not given */
  readonly chunkPages?: number;
  readonly ringEntries: number;
  readonly device?: string;
}

/** What a run of a collector came to. */
export interface StressResult {
  readonly collector: string;
  readonly verdict: 'holds' | 'violated' | 'inconclusive';
  readonly seconds: number;
  readonly rounds: number;
  /** so often all vCPUs were stopped and every page was compared */
  readonly checks: number;
  readonly pagesCompared: number;
  readonly copies: number;
  readonly writes: number;
  readonly kicks: number;
  readonly ringFullExits: number;
  /** some of the pages that lost a write */
  readonly lost: readonly LostWrite[];
}

const chunkChoices = [64, 512, 4096, 32_768];
const roundsBetweenChecks = { least: 3, most: 20 };
const longestPauseMs = 4;
const lostShown = 5;

/**
 * vCPUs write while a collector takes the log. Every few rounds the vCPUs are stopped, the log is taken once more, and every page is compared
 * with its last copy. Ends at the first write that was lost, after `seconds`, or when `isInterrupted` says so.
 * @throws PrecopyError when KVM cannot be used, or the guest dies
 */
export async function stress(
  collector: Collector,
  options: StressOptions,
  isInterrupted: () => boolean = () => false,
): Promise<StressResult> {
  const dice = new Dice(options.seed);
  const chunkPages = options.chunkPages ?? chunkChoices[dice.between(0, chunkChoices.length - 1)] ?? 64;
  const choices = { chunkPages, ringEntries: options.ringEntries };
  const machine = await Machine.create(
    { ...options, prepare: (made) => collector.prepare?.(made, choices) },
    options.device,
  );
  try {
    return await run(machine, collector.start, { collector: collector.id, choices, dice, options, isInterrupted });
  } finally {
    await machine.release();
  }
}

interface Run {
  readonly collector: string;
  readonly choices: { readonly chunkPages: number; readonly ringEntries: number };
  readonly dice: Dice;
  readonly options: StressOptions;
  readonly isInterrupted: () => boolean;
}

async function run(machine: Machine, startCollector: Collector['start'], setup: Run): Promise<StressResult> {
  const { dice, options, isInterrupted } = setup;
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  machine.setLogging(true);
  const takeLog = startCollector(machine, setup.choices);
  const oracle = new Oracle(machine.memory.buffer, machine.pages);
  const writers = new Writers(machine);
  for (const vcpu of machine.vcpus) vcpu.setFirstValue(vcpu.number + 1);

  let rounds = 0;
  let checks = 0;
  const collect = (): void => {
    rounds = oracle.beginRound();
    takeLog(oracle.copy);
    writers.ringsWereReset();
  };
  let lost: LostWrite[] = [];
  while (lost.length === 0 && seconds() < options.seconds && !isInterrupted()) {
    for (const vcpu of machine.vcpus) vcpu.setPattern(choosePattern(options.pattern, machine.pages, dice));
    writers.start();
    const more = dice.between(roundsBetweenChecks.least, roundsBetweenChecks.most);
    for (let n = 0; n < more && seconds() < options.seconds && !isInterrupted(); n++) {
      await wait(dice.between(0, longestPauseMs));
      collect();
      for (let kick = 0; kick < options.kicks; kick++) machine.vcpus[dice.between(0, machine.vcpus.length - 1)]?.kick();
    }
    await writers.stop();
    collect();
    lost = oracle.lostWrites(lostShown);
    checks += 1;
  }

  const writes = machine.vcpus.reduce((sum, vcpu) => sum + vcpu.writes, 0);
  const hasHappened = checks > 0 && oracle.copies > 0 && writes > 0;
  return {
    collector: setup.collector,
    verdict: lost.length > 0 ? 'violated' : hasHappened && !isInterrupted() ? 'holds' : 'inconclusive',
    seconds: seconds(),
    rounds,
    checks,
    pagesCompared: checks * machine.pages,
    copies: oracle.copies,
    writes,
    kicks: writers.kicks,
    ringFullExits: writers.ringFullExits,
    lost,
  };
}
