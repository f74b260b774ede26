import { freePageHints, rmapXchg } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { type Instance, instantiate } from '../../src/model/instance.ts';
import type { Step } from '../../src/model/property.ts';

/** A hand-made state of a design. */
interface Hand {
  // biome-ignore lint/suspicious/noExplicitAny: the memory of the system, as properties see it
  readonly memory: any;
  /** Puts an actor into a state. */
  put(actor: string, state: string): void;
  /** Puts a message into the mailbox of an actor. */
  post(type: string, actor: string): void;
}
export type Make = (hand: Hand) => void;

/** The ids of the host writer and the device. */
export const hostWriterActor = 2;
export const deviceActor = 3;
const sizes = { vcpus: 2, pages: 2, hostWriters: 1, devices: 1 };
const sizesOf = ({ unsupportedParams = [] }: AnyDesign) =>
  unsupportedParams.includes('devices') ? { ...sizes, devices: 0 } : sizes;

/** Returns the memory of an instance by region and name, as properties see it, with cells that can be written. */
function writableMemory({ cells }: Instance): Hand['memory'] {
  const memory: Record<string, Record<string, unknown>> = {};
  const lists: Record<string, unknown[]> = {};
  for (const { plain } of cells) {
    const [, region = '', name = '', index] = /^(\w+)\.(\w+)(?:\[(\d+)\])?$/.exec(plain.name) ?? [];
    const list = [...(lists[`${region}.${name}`] ?? []), plain];
    lists[`${region}.${name}`] = list;
    memory[region] = { ...memory[region], [name]: index === undefined ? plain : (n: number) => list[n] };
  }
  return memory;
}

/**
 * Two vCPUs in the guest, two pages, a host writer and a device: all pages are sent, none is written, every actor is
 * idle.
 */
export function atRest(design: AnyDesign): Hand & { view: unknown } {
  const instance = instantiate(design, sizesOf(design));
  const memory = writableMemory(instance);
  memory.ram.stale.fill(false);
  memory.qemu.bmap.fill(false);
  memory.ramState?.dirtyPages.set(0);
  const put: Hand['put'] = (name, state) => {
    const actor = instance.actors.find((one) => one.name === name);
    const leaf = actor?.leaves.indexOf(state) ?? -1;
    if (leaf < 0) throw new Error(`${name} has no state ${state}`);
    actor?.location.set(leaf);
  };
  put('migration', 'iterating');
  const post: Hand['post'] = (type, name) => {
    instance.actors.find((one) => one.name === name)?.mailbox[type]?.set(0);
  };
  return { memory, view: instance.view, put, post };
}

export const toSend: Make = ({ memory }) => memory.qemu.bmap.set(0);
export const stale: Make = ({ memory }) => memory.ram.stale.set(0);
export const marked: Make = ({ memory }) => {
  memory.kvm.dirtyBitmap(0).set(0);
  memory.ghost.marked(0).set(0);
};
export const writtenBy =
  (writer: number): Make =>
  ({ memory }) =>
    memory.ghost.unmarked(writer).set(0);
export const toldToStop =
  (writer: string): Make =>
  ({ post }) =>
    post('VM_STOP', writer);
export const startWaits: Make = ({ put }) => put('setMemoryRegion', 'synchronizeSrcu');
export const markedInOther: Make = ({ memory }) => memory.kvm.dirtyBitmap(1).set(0);
export const inSnapshot: Make = ({ memory }) => memory.ioctl.snapshot.set(0);
export const reported: Make = ({ memory }) => memory.qemu.userBitmap.set(0);
export const writable: Make = ({ memory }) => memory.kvm.spteWritable.set(0);
export const inTlb: Make = ({ memory }) => memory.cpu.tlb(1).set(0);
export const inHost: Make = ({ put }) => put('vcpu1', 'host.enterGuest');
export const flushRequested: Make = ({ memory }) => memory.kvm.tlbFlushRequest.set(1);
export const returned: Make = ({ put }) => put('migration', 'merging');
export const lastLogOfSlot: Make = ({ put }) => put('migration', 'removing.merging');
export const resumed: Make = ({ put }) => put('destination', 'resumed');
export const ioctlHoldsLock: Make = ({ put }) => put('getDirtyLog', 'flushTlbs.awaitAcks');
export const inBreak: Make = ({ put }) => put('getDirtyLog', 'relockMmu');
export const clearReturns: Make = ({ put }) => put('getDirtyLog', 'returnFromClear');
export const vcpuHoldsLock: Make = ({ put }) => put('vcpu0', 'host.markPageDirty');

export const openEntry: Make = ({ memory }) => memory.kvm.rootWritable.set(0);
export const oldRoot: Make = ({ memory }) => memory.kvm.rootIsStale.set(0);
export const protectedSptes: Make = ({ memory }) => memory.kvm.spteWritable.fill(false);
export const inWalk: Make = ({ memory }) => memory.cpu.walk(1).set(0);
export const allReload: Make = ({ memory, put }) => {
  memory.kvm.mmuReloadRequest.fill(true);
  put('vcpu0', 'host.enterGuest');
  put('vcpu1', 'host.enterGuest');
};

export const inAllocation: Make = ({ put }) => put('getDirtyLog', 'allocateTable');
export const balloonActor = instantiate(freePageHints, sizesOf(freePageHints)).actors.findIndex(
  ({ name }) => name === 'balloon',
);
export const getDirtyLogActor = instantiate(rmapXchg, sizes).actors.findIndex(({ name }) => name === 'getDirtyLog');

export const otherReturned: Make = ({ put }) => put('display', 'merging');
export const otherReported: Make = ({ memory }) => memory.refresh.userBitmap.set(0);
export const otherHolds: Make = ({ put }) => put('displayGet0', 'flushTlbs.awaitAcks');
export const tookLast =
  (who: 0 | 1): Make =>
  ({ memory }) =>
    memory.collectors.taken(who).set(0);
export const tracks: Make = ({ memory, put }) => {
  memory.mmu.tracked.set(0);
  put('shadowMmu0', 'tracking');
};

export interface Case {
  readonly property: string;
  readonly design?: AnyDesign;
  readonly step?: Partial<Step>;
  readonly breaks: Readonly<Record<string, readonly Make[]>>;
  readonly holds: Readonly<Record<string, readonly Make[]>>;
}
