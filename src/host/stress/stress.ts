import { setTimeout as wait } from 'node:timers/promises';
import type { LostWrite, StressResult } from '../results.ts';
import { VirtualMachine } from '../vm/virtual-machine.ts';
import type { Collector, CollectorOptions } from './collectors.ts';
import { Oracle } from './oracle.ts';
import type { PatternName } from './pattern-names.ts';
import { drawPattern, GuestWriters, StressRandom } from './writers.ts';

/** Options of a stress test. */
export interface StressOptions {
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly hugePages: boolean;
  readonly seconds: number;
  /** of the choices of patterns, pauses and kicks */
  readonly seed: number;
  readonly pattern: PatternName;
  /** signals to the vCPU threads after each round */
  readonly kicks: number;
  /** pages per KVM_CLEAR_DIRTY_LOG; drawn by default */
  readonly chunkPages?: number;
  readonly ringEntries: number;
  readonly device?: string;
}

const chunkChoices = [64, 512, 4096, 32_768];
const roundsBetweenChecks = { least: 3, most: 20 };
const maxPauseMs = 4;
const maxLostWrites = 5;

/**
 * Stresses a collector: vCPUs write while it reads the log. Every few rounds the vCPUs are stopped, the log is read
 * once more, and every page is compared with its last copy. Ends at the first lost write, after `seconds`, or when
 * `isInterrupted` returns true.
 * @throws PrecopyError `HOST_UNAVAILABLE`, `HOST_GUEST_DIED`
 */
export async function stressCollector(
  collector: Collector,
  options: StressOptions,
  isInterrupted: () => boolean = () => false,
): Promise<StressResult> {
  const random = new StressRandom(options.seed);
  const chunkPages = options.chunkPages ?? chunkChoices[random.between(0, chunkChoices.length - 1)] ?? 64;
  const collectorOptions = { chunkPages, ringEntries: options.ringEntries };
  const vm = await VirtualMachine.create(
    { ...options, configure: (created) => collector.configure?.(created, collectorOptions) },
    options.device,
  );
  try {
    return await run(vm, { collector, collectorOptions, random, options, isInterrupted });
  } finally {
    await vm.release();
  }
}

interface StressRun {
  readonly collector: Collector;
  readonly collectorOptions: CollectorOptions;
  readonly random: StressRandom;
  readonly options: StressOptions;
  readonly isInterrupted: () => boolean;
}

async function run(vm: VirtualMachine, setup: StressRun): Promise<StressResult> {
  const { collector, random, options, isInterrupted } = setup;
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1000;
  vm.setLogging(true);
  const readLog = collector.start(vm, setup.collectorOptions);
  const oracle = new Oracle(vm.memory.buffer, vm.pages);
  const writers = new GuestWriters(vm);
  for (const vcpu of vm.vcpus) vcpu.setWriterId(vcpu.number + 1);

  let rounds = 0;
  let checks = 0;
  const collect = (): void => {
    rounds = oracle.beginRound();
    readLog(oracle.copy);
    writers.resumeVcpus();
  };
  let lost: LostWrite[] = [];
  while (lost.length === 0 && seconds() < options.seconds && !isInterrupted()) {
    for (const vcpu of vm.vcpus) vcpu.setPattern(drawPattern(options.pattern, vm.pages, random));
    writers.start();
    const roundsLeft = random.between(roundsBetweenChecks.least, roundsBetweenChecks.most);
    for (let n = 0; n < roundsLeft && seconds() < options.seconds && !isInterrupted(); n++) {
      await wait(random.between(0, maxPauseMs));
      collect();
      for (let kick = 0; kick < options.kicks; kick++) vm.vcpus[random.between(0, vm.vcpus.length - 1)]?.kick();
    }
    await writers.stop();
    collect();
    lost = oracle.lostWrites(maxLostWrites);
    checks += 1;
  }

  const writes = vm.vcpus.reduce((sum, vcpu) => sum + vcpu.writes, 0);
  const isMeaningful = checks > 0 && oracle.copies > 0 && writes > 0;
  return {
    collector: collector.id,
    verdict: lost.length > 0 ? 'violated' : isMeaningful && !isInterrupted() ? 'holds' : 'inconclusive',
    seconds: seconds(),
    rounds,
    checks,
    pagesCompared: checks * vm.pages,
    copies: oracle.copies,
    writes,
    kicks: writers.kicks,
    ringFullExits: writers.ringFullExits,
    lost,
  };
}
