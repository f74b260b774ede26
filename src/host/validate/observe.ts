import { setTimeout as wait } from 'node:timers/promises';
import { runnableThreads, sleep, sleepNow } from '../measure/quiet.ts';
import { DirtyBitmap, enableManualProtect } from '../vm/dirty-bitmap.ts';
import { Machine } from '../vm/machine.ts';
import { type Pattern, sweep, type Vcpu } from '../vm/vcpu.ts';
import type { Cell, Outcome } from './grid.ts';
import { guestPattern } from './patterns.ts';

/** What the real kernel did, round by round, and what the clock is told of the guest. */
export interface Observed {
  readonly rounds: readonly Outcome[];
  /** of one vCPU with this pattern, while nothing is logged and all pages are writable */
  readonly freeWritesPerSecond: number;
}

const freeMs = 100;
/** Of so many times as many rounds as asked for, those are taken during which nobody else ran; then any. */
const patience = 2;

/** Cells that one machine can serve. */
export function machineKey({ memoryBytes, vcpus, taking }: Cell): string {
  return `${memoryBytes}/${vcpus}/${taking.kind}`;
}

/**
 * Runs cells of the same machine on the real kernel.
 * @throws PrecopyError when KVM cannot be used, or the guest dies
 */
export async function* observe(cells: readonly Cell[], device: string): AsyncGenerator<[Cell, Observed]> {
  const [first] = cells;
  if (!first) return;
  const { memoryBytes, vcpus, taking } = first;
  const hasClear = taking.kind === 'clear';
  const machine = await Machine.create(
    {
      memoryBytes,
      vcpus,
      hugePages: false,
      apart: true,
      ...(hasClear && { prepare: (made: Machine) => enableManualProtect(made, false) }),
    },
    device,
  );
  try {
    await runAll(machine, (nth) => sweep(machine.pages, nth === 0 ? {} : { writes: 0 }));
    // Before anything is logged: a page that was protected once stays so until it is written, whether the log is on or not.
    const free = new Map<Cell['pattern'], number>();
    for (const cell of cells) {
      if (free.has(cell.pattern)) continue;
      const { outcome } = await writeFor(machine, cell, 0, freeMs);
      free.set(cell.pattern, outcome.writesPerSecond / vcpus);
    }
    machine.setLogging(true);
    const bitmap = new DirtyBitmap(machine);
    for (const cell of cells) {
      const rounds = await observeCell(machine, bitmap, cell);
      yield [cell, { rounds, freeWritesPerSecond: free.get(cell.pattern) as number }];
    }
  } finally {
    await machine.release();
  }
}

async function observeCell(machine: Machine, bitmap: DirtyBitmap, cell: Cell): Promise<Outcome[]> {
  const { rounds, intervalMs, taking } = cell;
  const samples: Outcome[] = [];
  for (let tries = 1; samples.length < rounds; tries++) {
    bitmap.get();
    if (taking.kind === 'clear') bitmap.clear(0, machine.pages);
    const { outcome, isDisturbed } = await writeFor(machine, cell, samples.length, intervalMs, bitmap);
    if (!isDisturbed || tries > patience * rounds) samples.push(outcome);
    else await wait(intervalMs);
  }
  return samples;
}

/** One round from a clean start: the vCPUs write for so long, and then, while they go on, the log is taken. */
async function writeFor(
  machine: Machine,
  cell: Cell,
  round: number,
  ms: number,
  bitmap?: DirtyBitmap,
): Promise<{ readonly outcome: Outcome; readonly isDisturbed: boolean }> {
  const { vcpus } = machine;
  const own = 1 + vcpus.length;
  for (const vcpu of vcpus) vcpu.setPattern(guestPattern(cell, vcpu.number, round));
  const left = Promise.all(vcpus.map((vcpu) => vcpu.enter()));
  const writes = (): number => vcpus.reduce((sum, vcpu) => sum + vcpu.writes, 0);
  const before = writes();
  while (writes() === before) await wait(0);
  const wereOthers = runnableThreads() > own;
  const [start, startWrites] = [performance.now(), writes()];
  await sleep(ms);
  const [elapsedMs, during] = [performance.now() - start, writes() - startWrites];
  for (const vcpu of vcpus) vcpu.forgetWorst();
  const getStart = performance.now();
  bitmap?.get();
  const clearStart = performance.now();
  if (cell.taking.kind === 'clear') bitmap?.clearAll(cell.taking.chunkPages);
  const end = performance.now();
  letEveryoneWrite(vcpus);
  const worstCycles = vcpus.map((vcpu) => vcpu.worstCycles);
  const isDisturbed = wereOthers || runnableThreads() > own;
  for (const vcpu of vcpus) vcpu.tellToLeave();
  await left;
  const outcome = {
    getNs: (clearStart - getStart) * 1e6,
    clearNs: cell.taking.kind === 'clear' ? (end - clearStart) * 1e6 : 0,
    worstWriteNs: Math.max(...worstCycles.map((cycles) => machine.nsOfCycles(cycles))),
    writesPerSecond: during / (elapsedMs / 1e3),
    dirtyPages: bitmap?.count() ?? 0,
  };
  return { outcome, isDisturbed };
}

/** A write that had to wait counts when it is over: the one after it shows that. A vCPU may need the CPU of this thread for it. */
function letEveryoneWrite(vcpus: readonly Vcpu[]): void {
  const before = vcpus.map(({ writes }) => writes);
  do sleepNow(1);
  while (vcpus.some(({ writes }, n) => writes < (before[n] ?? 0) + 2));
}

async function runAll(machine: Machine, patternFor: (nth: number) => Pattern): Promise<void> {
  for (const vcpu of machine.vcpus) vcpu.setPattern(patternFor(vcpu.number));
  await Promise.all(machine.vcpus.map((vcpu) => vcpu.enter()));
}
