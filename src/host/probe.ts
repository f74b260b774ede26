import { existsSync, readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { medianCycles } from './guest/histogram.ts';
import { manualProtect } from './kernel/kvm-api.ts';
import { dirtyGfnBytes } from './kernel/kvm-structs.ts';
import type { HostCapabilities, HostIdentity, TrialResult } from './results.ts';
import { DirtyBitmap } from './vm/dirty-bitmap.ts';
import { Kvm } from './vm/kvm.ts';
import { availableBytes } from './vm/memory.ts';
import { createPattern } from './vm/vcpu.ts';
import { VirtualMachine } from './vm/virtual-machine.ts';

const trialBytes = 4 * 2 ** 20;

/**
 * Probes the KVM of this host, and runs a guest for some milliseconds.
 * @throws PrecopyError `HOST_UNAVAILABLE`, with the cause and a remedy
 */
export async function probe(device?: string): Promise<HostCapabilities> {
  const kvm = await Kvm.open(device);
  const manual = kvm.extension('KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2');
  const capabilities = {
    ...identifyHost(),
    apiVersion: 12 as const,
    maxVcpus: kvm.extension('KVM_CAP_MAX_VCPUS'),
    manualProtect: (manual & manualProtect.enable) !== 0,
    initiallySet: (manual & manualProtect.initiallySet) !== 0,
    dirtyRingEntries: Math.max(0, kvm.extension('KVM_CAP_DIRTY_LOG_RING')) / dirtyGfnBytes,
    availableBytes: availableBytes(),
  };
  kvm.close();
  return { ...capabilities, trial: await runTrialGuest(device) };
}

/** Identifies this host without using KVM. */
export function identifyHost(): HostIdentity {
  return { kernel: release(), processor: cpus()[0]?.model ?? 'unknown', cpus: cpus().length, mmu: detectMmu() };
}

async function runTrialGuest(device?: string): Promise<TrialResult> {
  const vm = await VirtualMachine.create({ memoryBytes: trialBytes, vcpus: 1, hugePages: false }, device);
  try {
    const bitmap = new DirtyBitmap(vm);
    const [vcpu] = vm.vcpus;
    if (!vcpu) throw new Error('the virtual machine has no vCPU');
    vm.setLogging(true);
    const pagesWritten = vm.pages / 2;
    vcpu.setPattern(createPattern(pagesWritten));
    await vcpu.enter();
    bitmap.get();
    const pagesReported = bitmap.countDirtyPages();
    vcpu.setPattern(createPattern(pagesWritten, { writes: 100 * pagesWritten }));
    await vcpu.enter();
    return { pagesWritten, pagesReported, writeNs: vm.cyclesToNs(medianCycles(vcpu.histogram())) };
  } finally {
    await vm.release();
  }
}

/** Returns the loaded KVM module and how it translates guest addresses, from its parameters. */
function detectMmu(): string {
  const modules = [
    { name: 'kvm_intel', twoDimensional: 'ept' },
    { name: 'kvm_amd', twoDimensional: 'npt' },
    { name: 'kvm_pvm', twoDimensional: undefined },
  ];
  const loaded = modules.find(({ name }) => existsSync(`/sys/module/${name}`));
  if (!loaded) return 'unknown module, unknown MMU';
  const { name, twoDimensional } = loaded;
  if (twoDimensional === undefined || !isParameterSet(name, twoDimensional)) return `${name}, shadow MMU`;
  const walker = isParameterSet('kvm', 'tdp_mmu') ? 'TDP MMU' : 'two-dimensional paging without the TDP MMU';
  return `${name}, ${walker}${isParameterSet(name, 'pml') ? ' with PML' : ''}`;
}

function isParameterSet(module: string, parameter: string): boolean {
  try {
    return /^[Y1]/.test(readFileSync(`/sys/module/${module}/parameters/${parameter}`, 'utf8'));
  } catch {
    return false;
  }
}
