import { setTimeout as wait } from 'node:timers/promises';
import { runnableThreads } from '../measure/samples.ts';
import { sleep, sleepBlocking } from '../measure/sleep.ts';
import type { CellMetrics, GridCell } from '../results.ts';
import { DirtyBitmap, enableManualProtect } from '../vm/dirty-bitmap.ts';
import { createPattern, type Vcpu, type WritePattern } from '../vm/vcpu.ts';
import { VirtualMachine } from '../vm/virtual-machine.ts';
import { guestPattern } from './patterns.ts';

/** Measurement of a cell on the kernel: the metrics of each round, and the workload for the simulation. */
export interface CellObservation {
  readonly rounds: readonly CellMetrics[];
  /** of one vCPU with this pattern, with the log off and all pages writable */
  readonly unloggedWritesPerSecond: number;
}

const unloggedMs = 100;
/** Up to this multiple of the rounds, a round during which other threads ran is discarded. */
const discardFactor = 2;

/** Returns a key that is equal for cells that one virtual machine can serve. */
export function machineKey({ memoryBytes, vcpus, method }: GridCell): string {
  return `${memoryBytes}/${vcpus}/${method.kind}`;
}

/**
 * Measures cells that one virtual machine can serve.
 * @throws PrecopyError `HOST_UNAVAILABLE`, `HOST_GUEST_DIED`
 */
export async function* observe(
  cells: readonly GridCell[],
  device: string,
): AsyncGenerator<[GridCell, CellObservation]> {
  const [first] = cells;
  if (!first) return;
  const { memoryBytes, vcpus, method } = first;
  const hasClear = method.kind === 'clear';
  const machine = await VirtualMachine.create(
    {
      memoryBytes,
      vcpus,
      hugePages: false,
      pinned: true,
      ...(hasClear && { configure: (made: VirtualMachine) => enableManualProtect(made, false) }),
    },
    device,
  );
  try {
    await runAll(machine, (nth) => createPattern(machine.pages, nth === 0 ? {} : { writes: 0 }));
    // Before the log is on: a protected page stays protected until it is written, also when the log is off again.
    const unlogged = new Map<GridCell['pattern'], number>();
    for (const cell of cells) {
      if (unlogged.has(cell.pattern)) continue;
      const { outcome } = await runRound(machine, cell, 0, unloggedMs);
      unlogged.set(cell.pattern, outcome.writesPerSecond / vcpus);
    }
    machine.setLogging(true);
    const bitmap = new DirtyBitmap(machine);
    for (const cell of cells) {
      const rounds = await observeCell(machine, bitmap, cell);
      yield [cell, { rounds, unloggedWritesPerSecond: unlogged.get(cell.pattern) as number }];
    }
  } finally {
    await machine.release();
  }
}

async function observeCell(machine: VirtualMachine, bitmap: DirtyBitmap, cell: GridCell): Promise<CellMetrics[]> {
  const { rounds, intervalMs, method } = cell;
  const samples: CellMetrics[] = [];
  for (let tries = 1; samples.length < rounds; tries++) {
    bitmap.get();
    if (method.kind === 'clear') bitmap.clear(0, machine.pages);
    const { outcome, isDisturbed } = await runRound(machine, cell, samples.length, intervalMs, bitmap);
    if (!isDisturbed || tries > discardFactor * rounds) samples.push(outcome);
    else await wait(intervalMs);
  }
  return samples;
}

/** Runs one round: the vCPUs write for an interval, and go on while the log is read. */
async function runRound(
  machine: VirtualMachine,
  cell: GridCell,
  round: number,
  ms: number,
  bitmap?: DirtyBitmap,
): Promise<{ readonly outcome: CellMetrics; readonly isDisturbed: boolean }> {
  const { vcpus } = machine;
  const own = 1 + vcpus.length;
  for (const vcpu of vcpus) vcpu.setPattern(guestPattern(cell, vcpu.number, round));
  const left = Promise.all(vcpus.map((vcpu) => vcpu.enter()));
  const writes = (): number => vcpus.reduce((sum, vcpu) => sum + vcpu.writes, 0);
  const before = writes();
  while (writes() === before) await wait(0);
  const othersRan = runnableThreads() > own;
  const [start, startWrites] = [performance.now(), writes()];
  await sleep(ms);
  const [elapsedMs, during] = [performance.now() - start, writes() - startWrites];
  for (const vcpu of vcpus) vcpu.resetWorstCycles();
  const getStart = performance.now();
  bitmap?.get();
  const clearStart = performance.now();
  if (cell.method.kind === 'clear') bitmap?.clearAll(cell.method.chunkPages);
  const end = performance.now();
  waitForPendingWrites(vcpus);
  const worstCycles = vcpus.map((vcpu) => vcpu.worstCycles);
  const isDisturbed = othersRan || runnableThreads() > own;
  for (const vcpu of vcpus) vcpu.requestExit();
  await left;
  const outcome = {
    getNs: (clearStart - getStart) * 1e6,
    clearNs: cell.method.kind === 'clear' ? (end - clearStart) * 1e6 : 0,
    worstWriteNs: Math.max(...worstCycles.map((cycles) => machine.cyclesToNs(cycles))),
    writesPerSecond: during / (elapsedMs / 1e3),
    dirtyPages: bitmap?.countDirtyPages() ?? 0,
  };
  return { outcome, isDisturbed };
}

/**
 * Waits until each vCPU has completed two further writes: then a write that was blocked is over, and counted. Sleeps,
 * as a vCPU may share the CPU of this thread.
 */
function waitForPendingWrites(vcpus: readonly Vcpu[]): void {
  const before = vcpus.map(({ writes }) => writes);
  do sleepBlocking(1);
  while (vcpus.some(({ writes }, n) => writes < (before[n] ?? 0) + 2));
}

async function runAll(machine: VirtualMachine, patternFor: (nth: number) => WritePattern): Promise<void> {
  for (const vcpu of machine.vcpus) vcpu.setPattern(patternFor(vcpu.number));
  await Promise.all(machine.vcpus.map((vcpu) => vcpu.enter()));
}
