import {
  freePageHints,
  lateFlushTracked,
  lateFlushTwoCollectors,
  lazyProtect,
  manualClear,
  pml,
  srcuSwitch,
  unlockedFlush,
} from '../../machines/designs/index.ts';
import {
  allReload,
  type Case,
  clearReturns,
  deviceActor,
  flushRequested,
  hostWriterActor,
  inHost,
  inSnapshot,
  inTlb,
  inWalk,
  ioctlHoldsLock,
  marked,
  markedInOther,
  oldRoot,
  openEntry,
  otherHolds,
  otherReported,
  otherReturned,
  protectedSptes,
  reported,
  resumed,
  returned,
  stale,
  tookLast,
  toSend,
  tracks,
  vcpuHoldsLock,
  writable,
  writtenBy,
} from './states.ts';

export const invariants: readonly Case[] = [
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
      'a page has changed since its copy, and no bitmap has it': [stale],
      'a bitmap has another page': [
        stale,
        ({ memory }) => memory.qemu.bmap.set(1),
        ({ memory }) => memory.kvm.dirtyBitmap(0).set(1),
      ],
      'an ioctl that is not under way left it in the snapshot': [stale, inSnapshot],
      'a vCPU that is back in the guest has not marked it': [stale, writtenBy(1)],
    },
    holds: {
      'QEMU will send it': [stale, ({ memory }) => memory.qemu.bmap.set(0)],
      'the ioctl has copied it to QEMU': [stale, reported],
      'the ioctl that is under way has it': [stale, inSnapshot, ioctlHoldsLock],
      'it is marked dirty': [stale, marked],
      'it is marked dirty in the other bitmap': [stale, markedInOther],
      'a device has set its bit': [stale, ({ memory }) => memory.ramList.dirtyMemory.set(0)],
      'a host writer is about to mark it': [stale, writtenBy(hostWriterActor)],
      'a device is about to set its bit': [stale, writtenBy(deviceActor)],
      'a vCPU is about to mark it': [stale, writtenBy(1), inHost],
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
      'it is in the snapshot of a call that has returned': [writable, inSnapshot],
      'the call that reports it has returned': [inTlb, reported, returned],
      'the call that reports it has returned, and flushes only now': [inTlb, reported, returned, ioctlHoldsLock],
      'the vCPU that made it writable is back in the guest, and did not mark it': [writable, writtenBy(1)],
    },
    holds: {
      'it is marked': [writable, marked],
      'it is marked in the other bitmap': [writable, markedInOther],
      'it is in a snapshot that is still to be returned': [writable, inTlb, inSnapshot, ioctlHoldsLock],
      'it has been copied to user space by a call that is still to flush': [inTlb, reported, ioctlHoldsLock],
      'the vCPU that made it writable is about to mark it': [writable, writtenBy(1), inHost],
      'the vCPU that has it in its TLB flushes before it enters the guest': [inTlb, inHost, flushRequested],
      'no vCPU can write it': [],
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
      'a bit is set without a mark': [({ memory }) => memory.kvm.dirtyBitmap(0).set(1)],
      'a mark is not there in the other bitmap': [({ memory }) => memory.ghost.marked(1).set(1)],
      'a bit is set without a mark in the other bitmap': [markedInOther],
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
      'the ioctl goes on after its return, even if it reports nothing': [returned, ioctlHoldsLock],
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
    design: pml,
    breaks: { 'a vCPU in the guest has it in no log': [stale, writtenBy(1)] },
    holds: {
      'the log of a vCPU in the guest has it': [stale, writtenBy(1), ({ memory }) => memory.cpu.pml(1).set(0)],
    },
  },
  {
    property: 'no-lost-write',
    design: lateFlushTwoCollectors,
    breaks: { 'the display was told of another page': [stale, ({ memory }) => memory.refresh.userBitmap.set(1)] },
    holds: { 'the display was told of it': [stale, otherReported] },
  },
  {
    property: 'dirty-pages-counted',
    design: freePageHints,
    breaks: {
      'a bit is set that is not counted': [toSend],
      'a page is counted whose bit is clear': [({ memory }) => memory.ramState.dirtyPages.set(1)],
    },
    holds: { 'the bit that is set is counted': [toSend, ({ memory }) => memory.ramState.dirtyPages.set(1)] },
  },
  {
    property: 'logged-or-protected',
    design: unlockedFlush,
    breaks: {
      'a page is writable that a call took which has returned': [writable, tookLast(1)],
      'a page is writable, and the call under way took another': [
        writable,
        otherHolds,
        ({ memory }) => memory.collectors.taken(1).set(1),
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
      'no actor is in': [],
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
