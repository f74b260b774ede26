import { PrecopyError } from '../../model/errors.ts';
import { guestCode } from '../guest/code.ts';
import { enterLongMode, firstRegisters } from '../guest/entry-state.ts';
import { guestLayout, maxVcpus, vcpuBlock, vcpuBlockAddress } from '../guest/layout.ts';
import { writePageTables } from '../guest/page-tables.ts';
import { KVM_MEM_LOG_DIRTY_PAGES, pageBytes, type Request, request } from '../kernel/kvm-api.ts';
import { cpuid, memoryRegion, SpecialRegisters } from '../kernel/kvm-structs.ts';
import type { Address, IoctlArgument, Libc } from '../kernel/libc.ts';
import { Kvm } from './kvm.ts';
import { checkRoom, type Mapping, mapGuestMemory } from './memory.ts';
import { placesOf } from './places.ts';
import { Resources } from './resources.ts';
import { kickSignal, Vcpu } from './vcpu.ts';

/** What a virtual machine is made of. */
export interface MachineSpec {
  readonly memoryBytes: number;
  readonly vcpus: number;
  readonly hugePages: boolean;
  /** Each vCPU keeps to a CPU, and the thread that makes the machine, too: see `placesOf`. */
  readonly apart?: boolean;
  /** Done with the file of the VM before it has memory and vCPUs: capabilities are enabled here. */
  readonly prepare?: (machine: Machine) => void;
}

const cpuidEntries = 256;

/** A virtual machine with the guest of precopy. Everything that it takes is given back by `release`, and by the end of the process. */
export class Machine {
  readonly vcpus: Vcpu[] = [];
  readonly vcpuFds: number[] = [];
  readonly pages: number;
  private tscKhz = 0;
  private readonly resources = new Resources();
  private constructor(
    readonly kvm: Kvm,
    private readonly fd: number,
    private readonly spec: MachineSpec,
  ) {
    this.pages = spec.memoryBytes / pageBytes;
  }

  private _memory: Mapping | undefined;

  /**
   * Makes a machine. Its vCPUs are not in the guest yet.
   * @throws PrecopyError when there is no KVM, when memory does not suffice, and when the kernel refuses something
   */
  static async create(spec: MachineSpec, device?: string): Promise<Machine> {
    checkRoom(spec.memoryBytes);
    if (spec.vcpus < 1 || spec.vcpus > maxVcpus) {
      throw new PrecopyError('BAD_PARAMETER', `${spec.vcpus} vCPUs`, `give 1 to ${maxVcpus}`);
    }
    const kvm = await Kvm.open(device);
    let machine: Machine | undefined;
    try {
      machine = new Machine(kvm, kvm.ioctl('KVM_CREATE_VM'), spec);
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

  /** The memory of the guest that is logged. */
  get memory(): Mapping {
    if (!this._memory) throw new Error('the machine has no memory yet');
    return this._memory;
  }

  /** What has to be given back before the machine is. */
  whenReleased(giveBack: () => void | Promise<void>): void {
    this.resources.add(giveBack);
  }

  /** Where others map memory that lives as long as the machine. */
  get lifetime(): Resources {
    return this.resources;
  }

  /** An ioctl of the VM. */
  ioctl(name: Request, argument: IoctlArgument = 0): number {
    return this.libc.ioctl(this.fd, name, request[name], argument);
  }

  /** A time of the TSC, as the guest takes it, in nanoseconds. */
  nsOfCycles(cycles: number): number {
    return (cycles * 1e6) / this.tscKhz;
  }

  /** Switches the log of the memory on or off: KVM_SET_USER_MEMORY_REGION with nothing changed but the flags. */
  setLogging(isOn: boolean): void {
    this.setRegion(guestLayout.memory, this.memory, isOn ? KVM_MEM_LOG_DIRTY_PAGES : 0);
  }

  /** Gets all vCPUs out of the guest, ends their threads, and gives back memory and files. */
  release(): Promise<void> {
    return this.resources.release();
  }

  private async build(): Promise<void> {
    const { libc, resources, spec } = this;
    resources.add(() => this.kvm.close());
    resources.add(() => libc.close(this.fd));
    this.spec.prepare?.(this);

    const system = mapGuestMemory(libc, guestLayout.system.bytes, false, resources);
    const cr3 = writePageTables(system.buffer, spec.memoryBytes);
    new Uint8Array(system.buffer).set(guestCode(), guestLayout.code);
    this.setRegion(guestLayout.system, system, 0);
    this._memory = mapGuestMemory(libc, spec.memoryBytes, spec.hugePages, resources);
    this.setRegion(guestLayout.memory, this._memory, 0);

    this.prepareForTheEnd();
    for (let number = 0; number < spec.vcpus; number++) await this.addVcpu(number, system, cr3);
    if (spec.apart) this.keepApart();
  }

  private keepApart(): void {
    const { libc, vcpus } = this;
    const own = libc.threadId();
    const cpus = libc.cpusOf(own);
    const places = placesOf(vcpus.length, cpus.length);
    libc.keepOn(own, [cpus[places.collector] as number]);
    this.resources.add(() => libc.keepOn(own, cpus));
    for (const { number, thread } of vcpus) libc.keepOn(thread, [cpus[places.vcpus[number] as number] as number]);
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
    this.vcpuIoctl(fd, 'KVM_SET_REGS', firstRegisters(number));
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

  /** Node waits for its threads when it ends, so they have to be out of the guest by then. */
  private prepareForTheEnd(): void {
    const expelAll = () => {
      for (const vcpu of this.vcpus) vcpu.expel();
    };
    this.libc.makeInterrupting(kickSignal);
    process.on('exit', expelAll);
    this.resources.add(() => void process.off('exit', expelAll));
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
