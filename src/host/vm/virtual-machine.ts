import { PrecopyError } from '../../model/errors.ts';
import { guestCode } from '../guest/code.ts';
import { enterLongMode, initialRegisters } from '../guest/initial-state.ts';
import { guestLayout, maxVcpus, vcpuBlock, vcpuBlockAddress } from '../guest/layout.ts';
import { writePageTables } from '../guest/page-tables.ts';
import { KVM_MEM_LOG_DIRTY_PAGES, pageBytes, type Request, request } from '../kernel/kvm-api.ts';
import { cpuid, memoryRegion, SpecialRegisters } from '../kernel/kvm-structs.ts';
import type { Address, IoctlArgument, Libc } from '../kernel/libc.ts';
import { assignCpus } from './cpu-affinity.ts';
import { Kvm } from './kvm.ts';
import { assertFitsInMemory, type Mapping, mapGuestMemory } from './memory.ts';
import { Resources } from './resources.ts';
import { kickSignal, Vcpu } from './vcpu.ts';

/** Configuration of a virtual machine. */
export interface VirtualMachineSpec {
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly hugePages: boolean;
  /** pins each vCPU and the calling thread to a CPU; see `assignCpus` */
  readonly pinned?: boolean;
  /** Enables capabilities, before the machine has memory and vCPUs. */
  readonly configure?: (machine: VirtualMachine) => void;
}

const cpuidEntries = 256;

/** A virtual machine with the guest of precopy. `release`, or the end of the process, releases all its resources. */
export class VirtualMachine {
  readonly vcpus: Vcpu[] = [];
  readonly vcpuFds: number[] = [];
  readonly pages: number;
  private tscKhz = 0;
  /** released together with the machine */
  readonly resources = new Resources();

  private constructor(
    readonly kvm: Kvm,
    private readonly fd: number,
    private readonly spec: VirtualMachineSpec,
  ) {
    this.pages = spec.memoryBytes / pageBytes;
  }

  private _memory: Mapping | undefined;

  /**
   * Creates a virtual machine. Its vCPUs do not enter the guest yet.
   * @throws PrecopyError `HOST_UNAVAILABLE`, `HOST_REFUSED`; `BAD_PARAMETER` if memory or vCPUs do not fit
   */
  static async create(spec: VirtualMachineSpec, device?: string): Promise<VirtualMachine> {
    assertFitsInMemory(spec.memoryBytes);
    if (spec.vcpus < 1 || spec.vcpus > maxVcpus) {
      throw new PrecopyError('BAD_PARAMETER', `the guest has ${spec.vcpus} vCPUs`, `give 1 to ${maxVcpus}`);
    }
    const kvm = await Kvm.open(device);
    let machine: VirtualMachine | undefined;
    try {
      machine = new VirtualMachine(kvm, kvm.ioctl('KVM_CREATE_VM'), spec);
      await machine.build();
      return machine;
    } catch (error) {
      await machine?.release();
      if (!machine) kvm.close();
      throw error;
    }
  }

  get libc(): Libc {
    return this.kvm.libc;
  }

  /** The guest's memory, which is logged. */
  get memory(): Mapping {
    if (!this._memory) throw new Error('the virtual machine has no memory yet');
    return this._memory;
  }

  /** Calls an ioctl of the VM. */
  ioctl(name: Request, argument: IoctlArgument = 0): number {
    return this.libc.ioctl(this.fd, name, request[name], argument);
  }

  /** Converts cycles of the TSC to nanoseconds. */
  cyclesToNs(cycles: number): number {
    return (cycles * 1e6) / this.tscKhz;
  }

  /** Switches the dirty log on or off: KVM_SET_USER_MEMORY_REGION with changed flags. */
  setLogging(isOn: boolean): void {
    this.setRegion(guestLayout.memory, this.memory, isOn ? KVM_MEM_LOG_DIRTY_PAGES : 0);
  }

  /** Stops all vCPUs, ends their threads, and releases memory and files. */
  release(): Promise<void> {
    return this.resources.release();
  }

  private async build(): Promise<void> {
    const { libc, resources, spec } = this;
    resources.add(() => this.kvm.close());
    resources.add(() => libc.close(this.fd));
    this.spec.configure?.(this);

    const system = mapGuestMemory(libc, guestLayout.system.bytes, false, resources);
    const cr3 = writePageTables(system.buffer, spec.memoryBytes);
    new Uint8Array(system.buffer).set(guestCode(), guestLayout.code);
    this.setRegion(guestLayout.system, system, 0);
    this._memory = mapGuestMemory(libc, spec.memoryBytes, spec.hugePages, resources);
    this.setRegion(guestLayout.memory, this._memory, 0);

    this.forceExitAtProcessEnd();
    for (let number = 0; number < spec.vcpus; number++) await this.addVcpu(number, system, cr3);
    if (spec.pinned) this.pinThreads();
  }

  private pinThreads(): void {
    const { libc, vcpus } = this;
    const own = libc.threadId();
    const cpus = libc.affinityOf(own);
    const assigned = assignCpus(vcpus.length, cpus.length);
    libc.setAffinity(own, [cpus[assigned.collector] as number]);
    this.resources.add(() => libc.setAffinity(own, cpus));
    for (const { number, osThreadId } of vcpus)
      libc.setAffinity(osThreadId, [cpus[assigned.vcpus[number] as number] as number]);
  }

  private async addVcpu(number: number, system: Mapping, cr3: bigint): Promise<void> {
    const { libc, resources } = this;
    const fd = this.ioctl('KVM_CREATE_VCPU', number);
    resources.add(() => libc.close(fd));
    const supported = cpuid(cpuidEntries);
    this.kvm.ioctl('KVM_GET_SUPPORTED_CPUID', supported);
    this.vcpuIoctl(fd, 'KVM_SET_CPUID2', supported);
    const special = new SpecialRegisters();
    this.vcpuIoctl(fd, 'KVM_GET_SREGS', special.bytes);
    enterLongMode(special, cr3);
    this.vcpuIoctl(fd, 'KVM_SET_SREGS', special.bytes);
    this.vcpuIoctl(fd, 'KVM_SET_REGS', initialRegisters(number));
    this.tscKhz = this.vcpuIoctl(fd, 'KVM_GET_TSC_KHZ', 0);

    const bytes = this.kvm.ioctl('KVM_GET_VCPU_MMAP_SIZE');
    const address: Address = libc.mapFile(fd, bytes, 0);
    resources.add(() => libc.unmap(address, bytes));
    const vcpu = await Vcpu.start({
      number,
      fd,
      libc,
      run: { address, bytes, buffer: libc.view(address, bytes) },
      block: new DataView(system.buffer, vcpuBlockAddress(number), vcpuBlock.bytes),
      memoryAddress: guestLayout.memory.address,
    });
    resources.add(() => vcpu.end());
    this.vcpus.push(vcpu);
    this.vcpuFds.push(fd);
  }

  /** Forces all vCPUs out of the guest at the end of the process, as Node waits for its threads. */
  private forceExitAtProcessEnd(): void {
    const exitAll = () => {
      for (const vcpu of this.vcpus) vcpu.forceExit();
    };
    this.libc.installInterruptHandler(kickSignal);
    process.on('exit', exitAll);
    this.resources.add(() => void process.off('exit', exitAll));
  }

  private setRegion(
    { slot, address }: { readonly slot: number; readonly address: bigint },
    mapping: Mapping,
    flags: number,
  ): void {
    this.ioctl(
      'KVM_SET_USER_MEMORY_REGION',
      memoryRegion({ slot, flags, guestAddress: address, memoryBytes: mapping.bytes, hostAddress: mapping.address }),
    );
  }

  private vcpuIoctl(fd: number, name: Request, argument: IoctlArgument): number {
    return this.libc.ioctl(fd, name, request[name], argument);
  }
}
