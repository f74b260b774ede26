import { existsSync, readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { medianCycles } from './guest/histogram.ts';
import { manualProtect } from './kernel/kvm-api.ts';
import { dirtyGfnBytes } from './kernel/kvm-structs.ts';
import { DirtyBitmap } from './vm/dirty-bitmap.ts';
import { Kvm } from './vm/kvm.ts';
import { Machine } from './vm/machine.ts';
import { availableBytes } from './vm/memory.ts';
import { sweep } from './vm/vcpu.ts';

/** What names a host: a cost profile is of one. */
export interface HostIdentity {
  readonly kernel: string;
  readonly processor: string;
  readonly cpus: number;
  /** the module that runs guests, and how it translates their addresses */
  readonly mmu: string;
}

/** What this host offers. */
export interface HostOffer extends HostIdentity {
  readonly apiVersion: 12;
  readonly maxVcpus: number;
  readonly manualProtect: boolean;
  readonly initiallySet: boolean;
  /** entries of the largest dirty ring; 0 where there is none */
  readonly dirtyRingEntries: number;
  readonly availableBytes: number;
  /** what a guest did that was run to see whether one runs */
  readonly trial: Trial;
}

interface Trial {
  readonly pagesWritten: number;
  readonly pagesReported: number;
  /** the median of writes to pages that are mapped, with the two readings of the TSC around it */
  readonly writeNs: number;
}

const trialBytes = 4 * 2 ** 20;

/**
 * Asks the kernel, and runs a guest for some milliseconds.
 * @throws PrecopyError `HOST_UNAVAILABLE` where KVM cannot be used: why, and what to do
 */
export async function probe(device?: string): Promise<HostOffer> {
  const kvm = await Kvm.open(device);
  const manual = kvm.extension('KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2');
  const offer = {
    ...identity(),
    apiVersion: 12 as const,
    maxVcpus: kvm.extension('KVM_CAP_MAX_VCPUS'),
    manualProtect: (manual & manualProtect.enable) !== 0,
    initiallySet: (manual & manualProtect.initiallySet) !== 0,
    dirtyRingEntries: Math.max(0, kvm.extension('KVM_CAP_DIRTY_LOG_RING')) / dirtyGfnBytes,
    availableBytes: availableBytes(),
  };
  kvm.close();
  return { ...offer, trial: await tryGuest(device) };
}

/** Which host this is, without asking KVM. */
export function identity(): HostIdentity {
  return { kernel: release(), processor: cpus()[0]?.model ?? 'unknown', cpus: cpus().length, mmu: mmuOf() };
}

async function tryGuest(device?: string): Promise<Trial> {
  const machine = await Machine.create({ memoryBytes: trialBytes, vcpus: 1, hugePages: false }, device);
  try {
    const bitmap = new DirtyBitmap(machine);
    const [vcpu] = machine.vcpus;
    if (!vcpu) throw new Error('a machine without vCPUs');
    machine.setLogging(true);
    const pagesWritten = machine.pages / 2;
    vcpu.setPattern(sweep(pagesWritten));
    await vcpu.enter();
    bitmap.get();
    const pagesReported = bitmap.count();
    vcpu.setPattern(sweep(pagesWritten, { writes: 100 * pagesWritten }));
    await vcpu.enter();
    return { pagesWritten, pagesReported, writeNs: machine.nsOfCycles(medianCycles(vcpu.histogram())) };
  } finally {
    await machine.release();
  }
}

/** How the module that is loaded translates guest addresses, from its parameters. */
function mmuOf(): string {
  const modules = [
    { name: 'kvm_intel', twoDimensional: 'ept' },
    { name: 'kvm_amd', twoDimensional: 'npt' },
    { name: 'kvm_pvm', twoDimensional: undefined },
  ];
  const loaded = modules.find(({ name }) => existsSync(`/sys/module/${name}`));
  if (!loaded) return 'unknown module, unknown MMU';
  const { name, twoDimensional } = loaded;
  if (twoDimensional === undefined || !isOn(name, twoDimensional)) return `${name}, shadow MMU`;
  const walker = isOn('kvm', 'tdp_mmu') ? 'TDP MMU' : 'two-dimensional paging without the TDP MMU';
  return `${name}, ${walker}${isOn(name, 'pml') ? ' with PML' : ''}`;
}

function isOn(module: string, parameter: string): boolean {
  try {
    return /^[Y1]/.test(readFileSync(`/sys/module/${module}/parameters/${parameter}`, 'utf8'));
  } catch {
    return false;
  }
}
