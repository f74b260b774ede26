import { PrecopyError } from '../../model/errors.ts';
import { type Capability, capability, type Request, request } from '../kernel/kvm-api.ts';
import { type IoctlArgument, type Libc, loadLibc, SystemCallError } from '../kernel/libc.ts';

const apiVersion = 12;
const ENOENT = 2;
const EACCES = 13;
const EBUSY = 16;

/** The opened KVM device of this host. */
export class Kvm {
  private constructor(
    readonly libc: Libc,
    private readonly fd: number,
  ) {}

  /**
   * Opens the KVM device.
   * @throws PrecopyError `HOST_UNAVAILABLE`, with the cause and a remedy
   */
  static async open(device = '/dev/kvm'): Promise<Kvm> {
    const libc = await loadLibc();
    const kvm = new Kvm(libc, openDevice(libc, device));
    const version = libc.tryIoctl(kvm.fd, request.KVM_GET_API_VERSION);
    if (version === apiVersion) return kvm;
    kvm.close();
    throw new PrecopyError(
      'HOST_UNAVAILABLE',
      version < 0
        ? `${device} is not a KVM device`
        : `${device} has API version ${version}, and precopy supports ${apiVersion}`,
      'give the KVM device with --device',
    );
  }

  close(): void {
    this.libc.close(this.fd);
  }

  ioctl(name: Request, argument: IoctlArgument = 0): number {
    return this.libc.ioctl(this.fd, name, request[name], argument);
  }

  /** Returns the result of KVM_CHECK_EXTENSION: 0 for an extension that the kernel does not know. */
  extension(name: Capability): number {
    return this.ioctl('KVM_CHECK_EXTENSION', capability[name]);
  }
}

function openDevice(libc: Libc, device: string): number {
  try {
    return libc.open(device);
  } catch (error) {
    if (!(error instanceof SystemCallError)) throw error;
    throw new PrecopyError('HOST_UNAVAILABLE', `${device} cannot be opened: ${causeOf(error)}`, remedyFor(error.errno));
  }
}

const causeOf = ({ message }: SystemCallError): string => message.replace(/^.*failed: /, '');

function remedyFor(errno: number): string {
  if (errno === ENOENT) {
    return 'load the module (`modprobe kvm_intel` or `kvm_amd`), or enable virtualisation in the firmware or, in a virtual machine, nested virtualisation';
  }
  if (errno === EACCES)
    return 'join the group that owns it (`usermod -aG kvm $USER`, then log in again), or run as root';
  if (errno === EBUSY) return 'stop the other hypervisor that uses the processor';
  return 'check the device with `ls -l`';
}
