import { kvm } from '../machines/system.ts';

const marking = new Set(['markPageDirty', 'storeDirtyWord', 'testAndMarkPageDirty', 'markPageOfPml']);

/** Covers of every design: a verdict means little unless some run reaches each of them. */
export const covers = [
  kvm.properties.reachable(
    { id: 'vcpu-waits-for-get', description: 'a vCPU waited for mmu_lock while GET_DIRTY_LOG held it' },
    ({ is, actors }) =>
      is.holdsMmuLock.of(actors.getDirtyLog) && actors.vcpu.some((vcpu) => is.waitsForMmuLock.of(vcpu)),
  ),
  kvm.properties.reachable(
    {
      id: 'stale-tlb-write',
      description: 'a write went through a TLB entry whose spte was protected, or no longer dirty, already',
    },
    ({ kvm, params }, { actions, payload }) =>
      actions.includes('writePage') && !(params.dirtyBits === 1 ? kvm.spteDirty : kvm.spteWritable).has(payload),
  ),
  kvm.properties.reachable(
    { id: 'dirtied-before-copy', description: 'a page was written again between its snapshot and its copy' },
    ({ ioctl, qemu }, { actions, payload }) =>
      actions.includes('writePage') && (ioctl.snapshot.has(payload) || qemu.userBitmap.has(payload)),
  ),
  kvm.properties.reachable(
    { id: 'marked-during-ioctl', description: 'a page was marked dirty while GET_DIRTY_LOG was running' },
    ({ is, actors }, { actions }) => actions.some((action) => marking.has(action)) && is.inIoctl.of(actors.getDirtyLog),
  ),
  kvm.properties.reachable(
    { id: 'page-is-due', description: 'GET_DIRTY_LOG was called when a page was marked that it had not reported yet' },
    ({ ghost }) => !ghost.due.isEmpty(),
  ),
  kvm.properties.reachable(
    { id: 'flush-before-entry', description: 'a vCPU outside the guest flushed its TLB before it entered' },
    (_, { actions }) => actions.includes('flushTlb') || actions.includes('flushOnLoad'),
  ),
  kvm.properties.reachable(
    { id: 'flush-by-ipi', description: 'an IPI made a vCPU leave the guest for a flush' },
    (_, { actions }) =>
      (actions.includes('ackIpi') && actions.includes('leaveGuestMode')) || actions.includes('ackFlusher'),
  ),
  kvm.properties.reachable(
    { id: 'second-round', description: 'a page was reported dirty after it had been copied' },
    ({ is, actors, qemu }) => is.logReturned.of(actors.migration) && !qemu.bmap.contains(qemu.userBitmap),
  ),
  kvm.properties.reachable({ id: 'migration-completes', description: 'the destination resumed' }, ({ is, actors }) =>
    is.resumed.of(actors.destination),
  ),
];

/** Cover of designs with CLEAR_DIRTY_LOG: without it `protected-after-clear` decides nothing. */
export const pageIsCleared = kvm.properties.reachable(
  { id: 'page-is-cleared', description: 'CLEAR_DIRTY_LOG was about to return, and had cleared the bit of a page' },
  ({ is, actors, ioctl }) => is.clearReturns.of(actors.getDirtyLog) && !ioctl.snapshot.isEmpty(),
);

/** Cover of designs that take VM entry step by step. */
export const entryIsCancelled = kvm.properties.reachable(
  { id: 'entry-is-cancelled', description: 'a vCPU found a request just before VM entry, and cancelled the entry' },
  (_, { actions }) => actions.includes('cancelEntry'),
);

/** Cover of designs that release `mmu_lock` during the scan. */
export const getBreaks = kvm.properties.reachable(
  { id: 'fault-in-a-break', description: 'a page fault took mmu_lock in a break of GET_DIRTY_LOG' },
  ({ is, actors, ioctl }) =>
    is.inIoctl.of(actors.getDirtyLog) &&
    is.waitsForMmuLock.of(actors.getDirtyLog) &&
    !ioctl.snapshot.isEmpty() &&
    actors.vcpu.some((vcpu) => is.holdsMmuLock.of(vcpu)),
);

/** Cover of designs with page-modification logging. */
export const pmlFills = kvm.properties.reachable(
  { id: 'get-misses-pml', description: 'GET_DIRTY_LOG returned while a log still held a page' },
  ({ is, actors, cpu }) =>
    is.logReturned.of(actors.migration) && actors.vcpu.some((_, vcpu) => !cpu.pml(vcpu).isEmpty()),
);

/** Covers of a design that chooses between rmap and a walk. */
export const bothWaysToProtect = [
  kvm.properties.reachable(
    { id: 'protects-by-rmap', description: 'few pages were dirty, and GET_DIRTY_LOG protected them through rmap' },
    (_, { actions }) => actions.includes('writeProtectPage'),
  ),
  kvm.properties.reachable(
    { id: 'protects-by-walk', description: 'many pages were dirty, and GET_DIRTY_LOG walked all shadow pages' },
    (_, { actions }) => actions.includes('dropWritableSpte'),
  ),
];

/** Covers of designs whose runs begin with switching the log on. */
const enablingWaits = kvm.properties.reachable(
  { id: 'start-waits-for-readers', description: 'a vCPU that may have found no bitmap held up the start of the log' },
  ({ is, actors }) => is.waitsForGracePeriod.of(actors.setMemoryRegion),
);
const staleTlbAtStart = kvm.properties.reachable(
  {
    id: 'stale-tlb-at-start',
    description: 'a write went through a TLB entry after the start of the log had protected its page',
  },
  ({ is, actors, kvm, params }, { actions, payload }) =>
    actions.includes('writePage') &&
    is.inIoctl.of(actors.setMemoryRegion) &&
    !(params.dirtyBits === 1 ? kvm.spteDirty : kvm.spteWritable).has(payload),
);
export const startOfLog = [enablingWaits, staleTlbAtStart];
export const startOfLogAllSet = [enablingWaits];
