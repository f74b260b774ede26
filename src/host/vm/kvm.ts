import { PrecopyError } from '../../model/errors.ts';
import { type Capability, capability, type Request, request } from '../kernel/kvm-api.ts';
import { type IoctlArgument, KernelRefusal, type Libc, loadLibc } from '../kernel/libc.ts';

const apiVersion = 12;
const ENOENT = 2;
const EACCES = 13;
const EBUSY = 16;

/** The KVM of this machine, open. */
export class Kvm {
  private constructor(
    readonly libc: Libc,
    private readonly fd: number,
  ) {}

  /**
   * Opens the device.
   * @throws PrecopyError `HOST_UNAVAILABLE`, which says why and what to do
   */
  static async open(device = '/dev/kvm'): Promise<Kvm> {
    const libc = await loadLibc();
    const kvm = new Kvm(libc, openDevice(libc, device));
    const version = libc.tryIoctl(kvm.fd, request.KVM_GET_API_VERSION);
    if (version === apiVersion) return kvm;
    kvm.close();
    throw new PrecopyError(
      'HOST_UNAVAILABLE',
      version < 0 ? `${device} is not KVM` : `${device} has API version ${version}, and precopy knows ${apiVersion}`,
      'name the device of KVM with --device',
    );
  }

  close(): void {
    this.libc.close(this.fd);
  }

  ioctl(name: Request, argument: IoctlArgument = 0): number {
    return this.libc.ioctl(this.fd, name, request[name], argument);
  }

  /** What the kernel answers to KVM_CHECK_EXTENSION: 0 where it does not know. */
  extension(name: Capability): number {
    return this.ioctl('KVM_CHECK_EXTENSION', capability[name]);
  }
}

function openDevice(libc: Libc, device: string): number {
  try {
    return libc.open(device);
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    throw new PrecopyError(
      'HOST_UNAVAILABLE',
      `${device} cannot be opened: ${whatIsWrong(error)}`,
      remedyFor(error.errno),
    );
  }
}

const whatIsWrong = ({ message }: KernelRefusal): string => message.replace(/^.*failed: /, '');

function remedyFor(errno: number): string {
  if (errno === ENOENT) {
    return 'load the module (`modprobe kvm_intel` or `kvm_amd`), or switch on virtualisation in the firmware or, in a virtual machine, nested virtualisation';
  }
  if (errno === EACCES)
    return 'join the group that owns it (`usermod -aG kvm $USER`, then log in again), or run as root';
  if (errno === EBUSY) return 'end the other hypervisor that uses the processor';
  return 'see what `ls -l` says of it';
}
