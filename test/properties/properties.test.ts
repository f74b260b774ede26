import { describe, expect, it } from 'vitest';
import {
  designs,
  freePageHints,
  lateFlushTracked,
  lateFlushTwoCollectors,
  lazyProtect,
  lockBreak,
  manualClear,
  manualClearEagerSplit,
  pml,
  rmapHybrid,
  rmapXchg,
  rmapXchgHandshake,
  rmapXchgIndirect,
  slotRemoval,
  srcuSwitch,
  unlockedFlush,
} from '../../machines/designs.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { instantiate } from '../../src/model/instance.ts';
import type { Property, StepSeen } from '../../src/model/property.ts';

/** A state of a design, made by hand. */
interface Hand {
  // biome-ignore lint/suspicious/noExplicitAny: the memory of the system, as properties see it
  readonly memory: any;
  /** Puts an actor into a state. */
  put(actor: string, state: string): void;
  /** Leaves a message in the mailbox of an actor. */
  post(type: string, actor: string): void;
}
type Make = (hand: Hand) => void;

/** The numbers of those who write beside the vCPUs. */
const hostWriterActor = 2;
const deviceActor = 3;
const sizes = { vcpus: 2, pages: 2, hostWriters: 1, devices: 1 };
const sizesOf = ({ without = [] }: AnyDesign) => (without.includes('devices') ? { ...sizes, devices: 0 } : sizes);

/** Two vCPUs in the guest and two pages, a host writer and a device, everything sent and nothing written, everybody at rest. */
function atRest(design: AnyDesign): Hand & { view: unknown } {
  const instance = instantiate(design, sizesOf(design));
  const memory = instance.view as Hand['memory'];
  memory.ram.stale.fill(false);
  memory.qemu.bmap.fill(false);
  memory.qemu.dirtyPages.set(0);
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

const propertyOf = (design: AnyDesign, id: string): Property => {
  const found = design.properties.find((property) => property.id === id);
  if (!found) throw new Error(`${design.id} has no property ${id}`);
  return found;
};

/** Whether an invariant holds, or the system may stop, or a cover is seen, or nothing is owed to anybody, in a state made by hand. */
function verdict(design: AnyDesign, id: string, make: readonly Make[], step?: Partial<StepSeen>): boolean {
  const hand = atRest(design);
  for (const one of make) one(hand);
  const property = propertyOf(design, id);
  switch (property.kind) {
    case 'invariant':
      return property.holds(hand.view);
    case 'deadlock':
      return property.mayStop(hand.view);
    case 'cover':
      return property.seen(hand.view, { actor: 0, actions: [], payload: 0, ...step });
    case 'leads-to': {
      const view = hand.view as never;
      const { actors } = view as { actors: never };
      return property.actors(actors).every((actor) => !property.from(view, actor) || property.to(view, actor));
    }
  }
}

const toSend: Make = ({ memory }) => memory.qemu.bmap.set(0);
const stale: Make = ({ memory }) => memory.ram.stale.set(0);
const marked: Make = ({ memory }) => {
  memory.kvm.dirtyBitmap(0).set(0);
  memory.ghost.marked(0).set(0);
};
const writtenBy =
  (writer: number): Make =>
  ({ memory }) =>
    memory.ghost.unmarked(writer).set(0);
const toldToStop =
  (writer: string): Make =>
  ({ post }) =>
    post('VM_STOP', writer);
const startWaits: Make = ({ put }) => put('setMemoryRegion', 'synchronizeSrcu');
const markedInOther: Make = ({ memory }) => memory.kvm.dirtyBitmap(1).set(0);
const inSnapshot: Make = ({ memory }) => memory.ioctl.snapshot.set(0);
const reported: Make = ({ memory }) => memory.qemu.userBitmap.set(0);
const writable: Make = ({ memory }) => memory.kvm.spteWritable.set(0);
const inTlb: Make = ({ memory }) => memory.cpu.tlb(1).set(0);
const inHost: Make = ({ put }) => put('vcpu1', 'host.enterGuest');
const flushRequested: Make = ({ memory }) => memory.kvm.tlbFlushRequest.set(1);
const returned: Make = ({ put }) => put('migration', 'merging');
const lastLogOfSlot: Make = ({ put }) => put('migration', 'removing.merging');
const resumed: Make = ({ put }) => put('destination', 'resumed');
const ioctlHoldsLock: Make = ({ put }) => put('getDirtyLog', 'flushTlbs.awaitAcks');
const inBreak: Make = ({ put }) => put('getDirtyLog', 'relockMmu');
const clearReturns: Make = ({ put }) => put('getDirtyLog', 'returnFromClear');
const vcpuHoldsLock: Make = ({ put }) => put('vcpu0', 'host.markPageDirty');

const openEntry: Make = ({ memory }) => memory.kvm.rootWritable.set(0);
const oldRoot: Make = ({ memory }) => memory.kvm.rootIsStale.set(0);
const protectedSptes: Make = ({ memory }) => memory.kvm.spteWritable.fill(false);
const inWalk: Make = ({ memory }) => memory.cpu.walk(1).set(0);
const allReload: Make = ({ memory, put }) => {
  memory.kvm.mmuReloadRequest.fill(true);
  put('vcpu0', 'host.enterGuest');
  put('vcpu1', 'host.enterGuest');
};

const inAllocation: Make = ({ put }) => put('getDirtyLog', 'allocateTable');
const balloonActor = instantiate(freePageHints, sizesOf(freePageHints)).actors.findIndex(
  ({ name }) => name === 'balloon0',
);
const getDirtyLogActor = instantiate(rmapXchg, sizes).actors.findIndex(({ name }) => name === 'getDirtyLog');

const otherReturned: Make = ({ put }) => put('display0', 'merging');
const otherReported: Make = ({ memory }) => memory.qemu.refreshBitmap.set(0);
const otherHolds: Make = ({ put }) => put('displayGet0', 'flushTlbs.awaitAcks');
const tookLast =
  (who: 0 | 1): Make =>
  ({ memory }) =>
    memory.ghost.taken(who).set(0);
const tracks: Make = ({ memory, put }) => {
  memory.mmu.tracked.set(0);
  put('shadowMmu0', 'tracking');
};

interface Case {
  readonly property: string;
  readonly design?: AnyDesign;
  readonly step?: Partial<StepSeen>;
  readonly breaks: Readonly<Record<string, readonly Make[]>>;
  readonly holds: Readonly<Record<string, readonly Make[]>>;
}

const invariants: readonly Case[] = [
  {
    property: 'final-image',
    breaks: { 'the destination resumed, and a page has changed since its copy': [resumed, stale] },
    holds: {
      'no page has changed since its copy': [resumed],
      'the destination has not resumed': [stale],
    },
  },
  {
    property: 'no-lost-write',
    breaks: {
      'a page has changed since its copy, and nobody knows': [stale],
      'somebody knows of another page': [
        stale,
        ({ memory }) => memory.qemu.bmap.set(1),
        ({ memory }) => memory.kvm.dirtyBitmap(0).set(1),
      ],
    },
    holds: {
      'QEMU will send it': [stale, ({ memory }) => memory.qemu.bmap.set(0)],
      'the ioctl has copied it to QEMU': [stale, reported],
      'the ioctl has it': [stale, inSnapshot],
      'it is marked dirty': [stale, marked],
      'it is marked dirty in the other bitmap': [stale, markedInOther],
      'a device has set its bit': [stale, ({ memory }) => memory.ramList.dirtyMemory.set(0)],
      'a host writer is about to mark it': [stale, writtenBy(hostWriterActor)],
      'a device is about to set its bit': [stale, writtenBy(deviceActor)],
      'a vCPU is about to mark it': [stale, ({ memory }) => memory.ghost.unmarked(1).set(0)],
      'it has not changed since its copy': [],
    },
  },
  {
    property: 'logged-or-protected',
    breaks: {
      'a page is writable, and not marked': [writable],
      'a vCPU in the guest has it in its TLB': [inTlb],
      'a vCPU in the guest has it in its TLB, and has not seen the request for a flush': [inTlb, flushRequested],
      'a vCPU outside has it in its TLB, and will not flush': [inTlb, inHost],
      'another page is marked': [writable, ({ memory }) => memory.kvm.dirtyBitmap(0).set(1)],
    },
    holds: {
      'it is marked': [writable, marked],
      'it is marked in the other bitmap': [writable, markedInOther],
      'it is in a snapshot that is still to be returned': [writable, inTlb, inSnapshot],
      'the vCPU that has it in its TLB flushes before it enters the guest': [inTlb, inHost, flushRequested],
      'nobody can write it': [],
    },
  },
  {
    property: 'snapshot-is-complete',
    breaks: {
      'a page was due, and was not found': [returned, ({ memory }) => memory.ghost.due.set(0)],
      'another page is reported': [returned, ({ memory }) => memory.ghost.due.set(1), reported],
    },
    holds: {
      'more than what was due is reported': [returned, reported],
      'the ioctl has not returned': [({ memory }) => memory.ghost.due.set(0)],
    },
  },
  {
    property: 'atomic-bitmap',
    breaks: {
      'a mark is not there': [({ memory }) => memory.ghost.marked(0).set(0)],
      'a bit is there that nobody marked': [({ memory }) => memory.kvm.dirtyBitmap(0).set(1)],
      'a mark is not there in the other bitmap': [({ memory }) => memory.ghost.marked(1).set(1)],
      'a bit is there that nobody marked in the other bitmap': [markedInOther],
    },
    holds: {
      'what was marked is there': [marked],
      'what was marked is there in the other bitmap': [markedInOther, ({ memory }) => memory.ghost.marked(1).set(0)],
      'nothing was marked': [],
    },
  },
  {
    property: 'protected-on-return',
    breaks: {
      'a reported page is writable': [returned, reported, writable],
      'a reported page is in the TLB of a vCPU in the guest': [returned, reported, inTlb],
      'a reported page is in a TLB that will not be flushed': [returned, reported, inTlb, inHost],
      'at the last sync as well': [({ put }) => put('migration', 'lastMerge'), reported, writable],
    },
    holds: {
      'the page is marked again': [returned, reported, writable, marked],
      'the page is marked again in the other bitmap': [returned, reported, inTlb, markedInOther],
      'the page is protected, and in no TLB': [returned, reported],
      'its TLB entry is flushed before use': [returned, reported, inTlb, inHost, flushRequested],
      'it is not reported': [returned, writable],
      'the ioctl has not returned': [reported, writable],
    },
  },
  {
    property: 'no-lost-write',
    design: lateFlushTwoCollectors,
    breaks: { 'the display was told of another page': [stale, ({ memory }) => memory.qemu.refreshBitmap.set(1)] },
    holds: { 'the display was told of it': [stale, otherReported] },
  },
  {
    property: 'dirty-pages-counted',
    design: freePageHints,
    breaks: {
      'a bit is set that is not counted': [toSend],
      'a page is counted whose bit is clear': [({ memory }) => memory.qemu.dirtyPages.set(1)],
    },
    holds: { 'the bit that is set is counted': [toSend, ({ memory }) => memory.qemu.dirtyPages.set(1)] },
  },
  {
    property: 'logged-or-protected',
    design: unlockedFlush,
    breaks: {
      'a page is writable that a call took which has returned': [writable, tookLast(1)],
      'a page is writable, and the call under way took another': [
        writable,
        otherHolds,
        ({ memory }) => memory.ghost.taken(1).set(1),
      ],
      'a page is writable that the other call took, which has returned': [writable, otherHolds, tookLast(0)],
    },
    holds: {
      'the call that took it is under way': [writable, otherHolds, tookLast(1)],
      'the call of the migration thread is': [writable, ioctlHoldsLock, tookLast(0)],
    },
  },
  {
    property: 'protected-on-return',
    design: unlockedFlush,
    breaks: {
      'a page is writable whose bit the migration thread took last': [returned, reported, tookLast(0), writable],
      'a page is writable whose bit the display took last': [otherReturned, otherReported, tookLast(1), inTlb],
    },
    holds: {
      'the display has taken it since': [returned, reported, tookLast(1), writable],
      'the display has not returned': [otherReported, tookLast(1), writable],
      'the page is marked again': [otherReturned, otherReported, tookLast(1), writable, marked],
    },
  },
  {
    property: 'tracked-page-faults',
    design: lateFlushTracked,
    breaks: {
      'the spte of a tracked page is writable': [tracks, writable],
      'a vCPU in the guest has it in its TLB': [tracks, inTlb],
    },
    holds: {
      'another page is writable': [tracks, ({ memory }) => memory.kvm.spteWritable.set(1)],
      'its TLB entry is flushed before use': [tracks, inTlb, inHost, flushRequested],
      'the shadow MMU has not flushed yet': [tracks, inTlb, ({ put }) => put('shadowMmu0', 'flushTlbs.awaitAcks')],
    },
  },
  {
    property: 'protected-after-clear',
    design: manualClear,
    breaks: {
      'a cleared page is writable': [clearReturns, inSnapshot, writable],
      'a cleared page is in the TLB of a vCPU in the guest': [clearReturns, inSnapshot, inTlb],
    },
    holds: {
      'the page is marked again': [clearReturns, inSnapshot, writable, marked],
      'the page was not cleared': [clearReturns, writable],
      'CLEAR_DIRTY_LOG is not done': [inSnapshot, writable],
    },
  },
  {
    property: 'logged-or-protected',
    design: lazyProtect,
    breaks: {
      'the walk leads to a writable spte': [openEntry],
      'a vCPU in the guest has not reloaded the root of an older generation': [openEntry, oldRoot],
      'a vCPU in the guest has loaded the entry of the root before it was protected': [inWalk],
      'a vCPU in the guest has it in its TLB': [inTlb, protectedSptes],
    },
    holds: {
      'the entry of the root is read-only': [],
      'the spte is read-only': [openEntry, protectedSptes],
      'all vCPUs reload the root of an older generation before they enter': [openEntry, oldRoot, allReload],
      'the root is being protected, and all vCPUs wait for it': [
        openEntry,
        ({ put }) => put('vcpu0', 'host.protectRoot'),
        ({ put }) => put('vcpu1', 'host.lockMmuToLoadRoot'),
      ],
      'the vCPU that has it in its TLB reloads before it enters': [inTlb, protectedSptes, allReload],
    },
  },
  {
    property: 'protected-below',
    design: lazyProtect,
    breaks: {
      'the entry of a table is writable that was not protected': [openEntry],
      'another table was protected': [openEntry, ({ memory }) => memory.ghost.tableProtected.set(1)],
    },
    holds: {
      'the table was protected': [openEntry, ({ memory }) => memory.ghost.tableProtected.set(0)],
      'the root is of an older generation': [openEntry, oldRoot],
      'a vCPU is about to protect the root': [openEntry, ({ put }) => put('vcpu0', 'host.protectRoot')],
      'all entries are read-only': [],
    },
  },
  {
    property: 'mutual-exclusion',
    breaks: {
      'GET_DIRTY_LOG and a vCPU are in': [ioctlHoldsLock, vcpuHoldsLock],
      'two vCPUs are in': [vcpuHoldsLock, ({ put }) => put('vcpu1', 'host.setSpte')],
    },
    holds: {
      'one is in, and one waits': [ioctlHoldsLock, ({ put }) => put('vcpu0', 'host.lockMmu')],
      'nobody is in': [],
    },
  },
  {
    property: 'grace-period',
    design: srcuSwitch,
    breaks: {
      'a fault path uses the old memslots after the grace period': [
        ({ put }) => put('getDirtyLog', 'lockMmu'),
        ({ put }) => put('vcpu1', 'host.markWrite'),
        ({ memory }) => memory.kvm.memslots.set(1),
      ],
      'it does so while the old bitmap is copied': [
        ({ put }) => put('getDirtyLog', 'copyToUser'),
        ({ put }) => put('vcpu0', 'host.markPageDirty'),
        ({ memory }) => memory.cpu.memslots(0).set(1),
      ],
      'a host writer does': [
        ({ put }) => put('getDirtyLog', 'lockMmu'),
        ({ put }) => put('hostWriter0', 'markPageDirty'),
        ({ memory }) => memory.kvm.memslots.set(1),
      ],
    },
    holds: {
      'a host writer uses the new ones': [
        ({ put }) => put('getDirtyLog', 'lockMmu'),
        ({ put }) => put('hostWriter0', 'markPageDirty'),
        ({ memory }) => memory.kvm.memslots.set(1),
        ({ memory }) => memory.cpu.memslots(hostWriterActor).set(1),
      ],
      'it uses the new ones': [
        ({ put }) => put('getDirtyLog', 'lockMmu'),
        ({ put }) => put('vcpu1', 'host.markWrite'),
        ({ memory }) => memory.kvm.memslots.set(1),
        ({ memory }) => memory.cpu.memslots(1).set(1),
      ],
      'it has not read any yet': [
        ({ put }) => put('getDirtyLog', 'lockMmu'),
        ({ put }) => put('vcpu1', 'host.readMemslotsForWrite'),
        ({ memory }) => memory.kvm.memslots.set(1),
      ],
      'the grace period is not over': [
        ({ put }) => put('getDirtyLog', 'synchronizeSrcu'),
        ({ put }) => put('vcpu1', 'host.markWrite'),
        ({ memory }) => memory.kvm.memslots.set(1),
      ],
    },
  },
];

const covers: readonly Case[] = [
  {
    property: 'vcpu-waits-for-get',
    holds: {
      'a vCPU waits while GET_DIRTY_LOG holds mmu_lock': [ioctlHoldsLock, ({ put }) => put('vcpu1', 'host.lockMmu')],
    },
    breaks: {
      'nobody waits': [ioctlHoldsLock],
      'another vCPU holds mmu_lock': [vcpuHoldsLock, ({ put }) => put('vcpu1', 'host.lockMmu')],
    },
  },
  {
    property: 'stale-tlb-write',
    step: { actions: ['writePage'], payload: 0 },
    holds: { 'the page of the write is protected': [({ memory }) => memory.kvm.spteWritable.set(1)] },
    breaks: { 'the page of the write is writable': [writable] },
  },
  {
    property: 'dirtied-before-copy',
    step: { actions: ['writePage'], payload: 0 },
    holds: { 'the page of the write is in the snapshot': [inSnapshot], 'it has been reported': [reported] },
    breaks: { 'another page is in the snapshot': [({ memory }) => memory.ioctl.snapshot.set(1)] },
  },
  {
    property: 'marked-during-ioctl',
    step: { actions: ['markPageDirty'] },
    holds: { 'GET_DIRTY_LOG is under way': [ioctlHoldsLock] },
    breaks: { 'GET_DIRTY_LOG is not under way': [] },
  },
  {
    property: 'flush-before-entry',
    step: { actions: ['flushTlb', 'enterGuestMode'] },
    holds: { 'the TLB was flushed': [] },
    breaks: {},
  },
  { property: 'flush-before-entry', step: { actions: ['enterGuestMode'] }, holds: {}, breaks: { 'it was not': [] } },
  {
    property: 'flush-by-ipi',
    step: { actions: ['leaveGuestMode', 'ackIpi'] },
    holds: { 'an IPI made a vCPU leave the guest': [] },
    breaks: {},
  },
  {
    property: 'flush-by-ipi',
    step: { actions: ['ackIpi'] },
    holds: {},
    breaks: { 'the IPI came outside the guest': [] },
  },
  {
    property: 'flush-by-ipi',
    step: { actions: ['ackFlusher'] },
    holds: { 'an IPI made a vCPU leave the guest, step by step': [] },
    breaks: {},
  },
  {
    property: 'entry-is-cancelled',
    design: rmapXchgHandshake,
    step: { actions: ['cancelEntry'] },
    holds: { 'a vCPU went back': [] },
    breaks: {},
  },
  {
    property: 'entry-is-cancelled',
    design: rmapXchgHandshake,
    step: { actions: ['storeOutsideGuestMode'] },
    holds: {},
    breaks: { 'a vCPU left the guest': [] },
  },
  {
    property: 'second-round',
    holds: { 'a page is reported that had been sent': [returned, reported] },
    breaks: {
      'it had not been sent': [returned, reported, ({ memory }) => memory.qemu.bmap.set(0)],
      'the ioctl has not returned': [reported],
    },
  },
  {
    property: 'fault-in-a-break',
    design: lockBreak,
    holds: { 'a vCPU has the lock in a break, with something in the snapshot': [inBreak, inSnapshot, vcpuHoldsLock] },
    breaks: {
      'nothing is in the snapshot yet': [inBreak, vcpuHoldsLock],
      'nobody has the lock': [inBreak, inSnapshot],
      'GET_DIRTY_LOG has not begun': [inSnapshot, vcpuHoldsLock],
    },
  },
  {
    property: 'get-misses-pml',
    design: pml,
    holds: { 'a log holds a page when the ioctl has returned': [returned, ({ memory }) => memory.cpu.pml(1).set(0)] },
    breaks: {
      'all logs are empty': [returned],
      'the ioctl has not returned': [({ memory }) => memory.cpu.pml(1).set(0)],
    },
  },
  {
    property: 'host-writes-during-ioctl',
    step: { actor: hostWriterActor, actions: ['writeGuestPage'] },
    holds: { 'it writes while the log is taken': [ioctlHoldsLock] },
    breaks: { 'nobody takes the log': [] },
  },
  {
    property: 'host-writes-during-ioctl',
    step: { actor: 0, actions: ['writeGuestPage'] },
    holds: {},
    breaks: { 'it is a vCPU that writes': [ioctlHoldsLock] },
  },
  {
    property: 'host-write-unmarked',
    holds: { 'the ioctl has returned': [returned, writtenBy(hostWriterActor)] },
    breaks: {
      'it has not returned': [writtenBy(hostWriterActor)],
      'it is a device that has written': [returned, writtenBy(deviceActor)],
    },
  },
  {
    property: 'host-write-delays-stop',
    holds: { 'it is told to stop': [toldToStop('hostWriter0'), writtenBy(hostWriterActor)] },
    breaks: {
      'it is not told to stop': [writtenBy(hostWriterActor)],
      'it is at rest': [toldToStop('hostWriter0')],
    },
  },
  {
    property: 'host-write-delays-switch',
    design: srcuSwitch,
    holds: {
      'the ioctl waits for it': [
        ({ put }) => put('getDirtyLog', 'synchronizeSrcu'),
        ({ put }) => put('hostWriter0', 'markPageDirty'),
      ],
    },
    breaks: { 'the ioctl waits for somebody else': [({ put }) => put('getDirtyLog', 'synchronizeSrcu')] },
  },
  {
    property: 'device-write-unmarked',
    step: { actions: ['takeDirtyWord'] },
    holds: { 'it has written and not set its bit': [writtenBy(deviceActor)] },
    breaks: { 'it is KVM that has written': [writtenBy(hostWriterActor)] },
  },
  {
    property: 'device-sets-bit-in-sync',
    step: { actor: deviceActor, actions: ['setDirty'] },
    holds: { 'QEMU takes the words': [({ put }) => put('migration', 'mergingWords.takeBits')] },
    breaks: { 'QEMU merges the log': [({ put }) => put('migration', 'mergingWords.orLog')] },
  },
  {
    property: 'device-write-delays-stop',
    holds: { 'it is told to stop': [toldToStop('device0'), writtenBy(deviceActor)] },
    breaks: { 'it is not told to stop': [writtenBy(deviceActor)] },
  },
  {
    property: 'protects-by-rmap',
    design: rmapHybrid,
    step: { actions: ['writeProtectPage'] },
    holds: { 'a page was protected through rmap': [] },
    breaks: {},
  },
  {
    property: 'protects-by-walk',
    design: rmapHybrid,
    step: { actions: ['dropWritableSpte'] },
    holds: { 'a page was protected in the walk': [] },
    breaks: {},
  },
  {
    property: 'protection-is-lazy',
    design: lazyProtect,
    holds: { 'a reported page has a writable spte': [returned, reported] },
    breaks: {
      'its spte is read-only': [returned, reported, protectedSptes],
      'the ioctl has not returned': [reported],
    },
  },
  {
    property: 'protection-moves-down',
    design: lazyProtect,
    step: { actions: ['protectSpteOfTable'] },
    holds: { 'a fault protected an spte of a table': [] },
    breaks: {},
  },
  {
    property: 'root-found-current',
    design: lazyProtect,
    step: { actions: ['recordGeneration', 'flushOnLoad'] },
    holds: { 'the root was loaded with a writable entry': [openEntry] },
    breaks: { 'the root was loaded read-only': [] },
  },
  {
    property: 'fault-below-old-root',
    design: lazyProtect,
    step: { actions: ['setSpteWritable'] },
    holds: { 'an spte was made writable while the root is old': [oldRoot] },
    breaks: { 'the root is current': [] },
  },
  {
    property: 'split-by-fault',
    design: manualClearEagerSplit,
    step: { actor: 1, actions: ['splitHugePage'] },
    holds: { 'a vCPU split a huge page': [] },
    breaks: {},
  },
  {
    property: 'split-by-fault',
    design: manualClearEagerSplit,
    step: { actor: getDirtyLogActor, actions: ['splitHugePage'] },
    holds: {},
    breaks: { 'CLEAR_DIRTY_LOG did': [] },
  },
  {
    property: 'split-by-clear',
    design: manualClearEagerSplit,
    step: { actor: getDirtyLogActor, actions: ['splitHugePage'] },
    holds: { 'CLEAR_DIRTY_LOG split a huge page': [] },
    breaks: {},
  },
  {
    property: 'split-by-clear',
    design: manualClearEagerSplit,
    step: { actor: 1, actions: ['splitHugePage'] },
    holds: {},
    breaks: { 'a vCPU did': [] },
  },
  {
    property: 'huge-page-protected',
    design: manualClearEagerSplit,
    step: { actions: ['writeProtectHugePage'] },
    holds: { 'a huge page was protected': [] },
    breaks: {},
  },
  {
    property: 'written-in-the-split',
    design: manualClearEagerSplit,
    step: { actions: ['writePage'], payload: 0 },
    holds: { 'the bit of the page is taken and its huge spte writable': [inSnapshot, inAllocation] },
    breaks: {
      'its bit was not taken': [inAllocation],
      'mmu_lock is held': [inSnapshot, ({ put }) => put('getDirtyLog', 'linkTable')],
      'its huge page was split': [inSnapshot, inAllocation, ({ memory }) => memory.kvm.hugeSptes.fill(false)],
      'its huge page was protected': [inSnapshot, inAllocation, protectedSptes],
    },
  },
  {
    property: 'start-waits-for-readers',
    holds: { 'the start of the log waits for its grace period': [startWaits] },
    breaks: { 'it waits for mmu_lock': [({ put }) => put('setMemoryRegion', 'lockMmu')] },
  },
  {
    property: 'stale-tlb-at-start',
    step: { actions: ['writePage'] },
    holds: { 'a page is written that the start of the log has protected': [startWaits] },
    breaks: {
      'it can be written': [startWaits, ({ memory }) => memory.kvm.spteWritable.set(0)],
      'the log is on': [],
    },
  },
  {
    property: 'collectors-meet',
    design: lateFlushTwoCollectors,
    holds: { 'one call waits for slots_lock': [ioctlHoldsLock, ({ put }) => put('displayGet0', 'lockSlots')] },
    breaks: {
      'neither waits': [ioctlHoldsLock, ({ put }) => put('displayGet0', 'lockMmu')],
      'there is one call': [({ put }) => put('displayGet0', 'lockSlots')],
    },
  },
  {
    property: 'refresh-tells-migration',
    design: lateFlushTwoCollectors,
    holds: { 'the display was told of a page that had been sent': [otherReturned, otherReported] },
    breaks: {
      'it had not been sent': [otherReturned, otherReported, ({ memory }) => memory.qemu.bmap.set(0)],
      'its call has not returned': [otherReported],
    },
  },
  {
    property: 'found-unflushed',
    design: unlockedFlush,
    step: { actions: ['xchgDirtyWord'] },
    holds: { 'a page was taken that is protected and not flushed': [inSnapshot, inTlb] },
    breaks: {
      'it is flushed': [inSnapshot],
      'it is writable': [inSnapshot, inTlb, writable],
      'another was taken': [inTlb, ({ memory }) => memory.ioctl.snapshot.set(1)],
    },
  },
  {
    property: 'tracked-unflushed',
    design: lateFlushTracked,
    step: { actions: ['trackPage'] },
    holds: { 'a page is tracked that is protected and not flushed': [tracks, inTlb] },
    breaks: { 'it is flushed': [tracks], 'it is writable': [tracks, inTlb, writable] },
  },
  {
    property: 'tracked-write-emulated',
    design: lateFlushTracked,
    step: { actions: ['writeGuestPage'] },
    holds: { 'a write was emulated': [] },
    breaks: {},
  },
  {
    property: 'remapped-in-fault',
    design: rmapXchgIndirect,
    step: { actions: ['forgetPage', 'releaseMmuLock'] },
    holds: { 'a fault gave up': [] },
    breaks: {},
  },
  {
    property: 'remapped-in-fault',
    design: rmapXchgIndirect,
    step: { actions: ['setSpteWritable', 'forgetPage', 'releaseMmuLock'] },
    holds: {},
    breaks: { 'a fault made its spte writable': [] },
  },
  {
    property: 'write-finds-no-slot',
    design: slotRemoval,
    holds: { 'a vCPU left for user space': [({ put }) => put('vcpu1', 'mmioExit')] },
    breaks: { 'none did': [] },
  },
  {
    property: 'removal-waits-for-readers',
    design: slotRemoval,
    holds: {
      'the slot is being removed': [
        ({ put }) => put('migration', 'removing.settingReadOnly'),
        ({ put }) => put('setMemoryRegion', 'readOnly.synchronizeSrcu'),
      ],
    },
    breaks: {
      'the log is being switched on': [
        ({ put }) => put('migration', 'startingLog'),
        ({ put }) => put('setMemoryRegion', 'synchronizeSrcu'),
      ],
      'nobody waits': [({ put }) => put('migration', 'removing.settingReadOnly')],
    },
  },
  {
    property: 'removal-finds-dirty-page',
    design: slotRemoval,
    holds: { 'the last log has a page that had been sent': [lastLogOfSlot, reported] },
    breaks: {
      'it had not been sent': [lastLogOfSlot, reported, ({ memory }) => memory.qemu.bmap.set(0)],
      'it is no last log': [reported, ({ put }) => put('migration', 'merging')],
    },
  },
  {
    property: 'hint-is-taken',
    design: freePageHints,
    step: { actions: ['countOff', 'clearHintedBit', 'forgetPage'] },
    holds: { 'a hint cleared a bit': [] },
    breaks: {},
  },
  {
    property: 'named-page-written',
    design: freePageHints,
    step: { actions: ['clearHintedBit'] },
    holds: { 'a page changed that is not to be sent': [stale] },
    breaks: { 'it is still to be sent': [stale, toSend] },
  },
  {
    property: 'old-hint-ignored',
    design: freePageHints,
    step: { actor: balloonActor, actions: ['forgetPage', 'releaseFreePageLock'] },
    holds: { 'the balloon let a hint go': [] },
    breaks: {},
  },
  {
    property: 'sync-waits-for-hint',
    design: freePageHints,
    step: { actions: ['clearHintedBit'] },
    holds: { 'QEMU stops the hints': [({ put }) => put('migration', 'stoppingHints.lockFreePages')] },
    breaks: { 'QEMU sends pages': [({ put }) => put('migration', 'iterating')] },
  },
  {
    property: 'migration-completes',
    holds: { 'the destination has resumed': [resumed] },
    breaks: { 'the destination still receives': [] },
  },
];

describe('the invariant', () => {
  for (const { property, design = rmapXchg, breaks, holds } of invariants) {
    describe(property, () => {
      for (const [what, make] of Object.entries(breaks)) {
        it(`breaks when ${what}`, () => expect(verdict(design, property, make)).toBe(false));
      }
      for (const [what, make] of Object.entries(holds)) {
        it(`holds when ${what}`, () => expect(verdict(design, property, make)).toBe(true));
      }
    });
  }
});

describe('the cover', () => {
  for (const { property, design = rmapXchg, step, breaks, holds } of covers) {
    describe(property, () => {
      for (const [what, make] of Object.entries(holds)) {
        it(`is seen when ${what}`, () => expect(verdict(design, property, make, step)).toBe(true));
      }
      for (const [what, make] of Object.entries(breaks)) {
        it(`is not seen when ${what}`, () => expect(verdict(design, property, make, step)).toBe(false));
      }
    });
  }

  it.each(['stale-tlb-write', 'dirtied-before-copy', 'marked-during-ioctl'])(
    '%s is not seen in a step without its action',
    (property) => {
      const make = [ioctlHoldsLock, inSnapshot, reported];
      expect(verdict(rmapXchg, property, make, { actions: ['fillTlb'] })).toBe(false);
    },
  );
});

/** `breaks`: something is owed in that state. */
const obligations: readonly Case[] = [
  {
    property: 'ioctl-returns',
    breaks: { 'GET_DIRTY_LOG is under way': [ioctlHoldsLock] },
    holds: { 'it has returned': [returned] },
  },
  {
    property: 'lock-is-granted',
    breaks: {
      'a vCPU waits for mmu_lock': [({ put }) => put('vcpu1', 'host.lockMmu')],
      'GET_DIRTY_LOG waits for it': [({ put }) => put('getDirtyLog', 'lockMmu')],
    },
    holds: { 'both hold it': [vcpuHoldsLock, ioctlHoldsLock] },
  },
  {
    property: 'grace-period-ends',
    design: srcuSwitch,
    breaks: { 'synchronize_srcu is under way': [({ put }) => put('getDirtyLog', 'synchronizeSrcu')] },
    holds: { 'it has returned': [({ put }) => put('getDirtyLog', 'lockMmu')] },
  },
  {
    property: 'ipi-is-taken',
    breaks: {
      'an IPI waits': [({ post }) => post('IPI', 'vcpu1')],
    },
    holds: { 'a pause waits': [({ post }) => post('PAUSE', 'vcpu1')] },
  },
  {
    property: 'ipi-is-taken',
    design: pml,
    breaks: { 'a kick waits': [({ post }) => post('KICK', 'vcpu0')] },
    holds: { 'nothing waits': [] },
  },
  {
    property: 'quiet-guest-migrates',
    breaks: { 'the destination has not resumed': [] },
    holds: { 'it has': [resumed] },
  },
  {
    property: 'switchover-ends',
    breaks: {
      'QEMU waits for the vCPUs to stop': [({ put }) => put('migration', 'pausing')],
      'it sends the last pages': [({ put }) => put('migration', 'completing')],
    },
    holds: { 'it has not decided to stop': [({ put }) => put('migration', 'syncing')] },
  },
];

describe('what has to come in the end', () => {
  for (const { property, design = rmapXchg, breaks, holds } of obligations) {
    describe(property, () => {
      for (const [what, make] of Object.entries(breaks)) {
        it(`is owed when ${what}`, () => expect(verdict(design, property, make)).toBe(false));
      }
      for (const [what, make] of Object.entries(holds)) {
        it(`is not owed when ${what}`, () => expect(verdict(design, property, make)).toBe(true));
      }
    });
  }
});

describe('no-deadlock', () => {
  it('lets the system stop when the destination has resumed', () => {
    expect(verdict(rmapXchg, 'no-deadlock', [resumed])).toBe(true);
  });

  it('lets it stop nowhere else', () => {
    expect(verdict(rmapXchg, 'no-deadlock', [({ put }) => put('migration', 'completed')])).toBe(false);
    expect(verdict(rmapXchg, 'no-deadlock', [])).toBe(false);
  });
});

describe('every property of every design', () => {
  it('is in this test', () => {
    const tested = new Set([
      ...invariants.map(({ property }) => property),
      ...covers.map(({ property }) => property),
      ...obligations.map(({ property }) => property),
      'no-deadlock',
    ]);
    expect(new Set(designs.flatMap(({ properties }) => properties.map(({ id }) => id)))).toEqual(tested);
  });

  it('says what it says in one sentence', () => {
    for (const { properties } of designs) {
      for (const { id, says } of properties) expect(says, id).toMatch(/^[^.]{20,120}$|^the destination resumed$/);
    }
  });
});
