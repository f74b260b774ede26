import { kvm } from '../machines/system.ts';
import type { Property } from '../src/model/property.ts';

const { leadsTo, leadsToForEach } = kvm.properties;

type ActorsOf = Parameters<typeof leadsToForEach>[1];

/** Neither a lock, nor a flush, nor a guest that goes on dirtying pages delays the ioctl without end. */
export const ioctlReturnsFor = (callers: ActorsOf): Property =>
  leadsToForEach(
    { id: 'ioctl-returns', description: 'GET_DIRTY_LOG, CLEAR_DIRTY_LOG and SET_USER_MEMORY_REGION return' },
    callers,
    ({ is }, actor) => is.inIoctl.of(actor),
    ({ is }, actor) => !is.inIoctl.of(actor),
  );
const ioctlReturns = ioctlReturnsFor(({ getDirtyLog, setMemoryRegion }) => [getDirtyLog, setMemoryRegion]);

/** `mmu_lock` is free of starvation. */
export const lockIsGrantedTo = (lockers: ActorsOf): Property =>
  leadsToForEach(
    { id: 'lock-is-granted', description: 'every request for mmu_lock is granted' },
    lockers,
    ({ is }, actor) => is.waitsForMmuLock.of(actor),
    ({ is }, actor) => !is.waitsForMmuLock.of(actor),
  );
export const lockIsGranted = lockIsGrantedTo(({ vcpu, getDirtyLog, setMemoryRegion, shadowMmu }) => [
  ...vcpu,
  getDirtyLog,
  setMemoryRegion,
  ...shadowMmu,
]);

/** Readers leave their read section, and new readers do not prolong the wait. */
export const gracePeriodEnds = leadsTo(
  { id: 'grace-period-ends', description: 'synchronize_srcu returns' },
  ({ is, actors }) => is.waitsForGracePeriod.of(actors.getDirtyLog),
  ({ is, actors }) => !is.waitsForGracePeriod.of(actors.getDirtyLog),
);

/** A vCPU acknowledges a flush in every state. */
const ipiIsTaken = leadsToForEach(
  { id: 'ipi-is-taken', description: 'a vCPU takes every IPI and kick' },
  ({ vcpu }) => vcpu,
  ({ posted }, actor) => posted.IPI.waitsFor(actor) || posted.KICK.waitsFor(actor),
  ({ posted }, actor) => !posted.IPI.waitsFor(actor) && !posted.KICK.waitsFor(actor),
);

/**
 * Precopy converges when the guest stops writing. QEMU's part is assumed (`migration_iteration_run`, QEMU 10.2): dirty
 * pages are sent, however often the log is taken; when no page is left to send, the next log is taken
 * (`pending_exact`); and when the log is empty too, the migration completes, as 0 is at or below any threshold.
 */
const quietGuestMigrates = leadsTo(
  {
    id: 'quiet-guest-migrates',
    description: 'a migration whose guest stops writing completes',
    finitely: ['WRITE', 'EMULATED_WRITE', 'HOST_WRITE', 'DMA'],
    strongly: [
      { event: 'SEND' },
      { event: 'CLEAR' },
      { event: 'SYNC', when: ({ qemu }) => qemu.bmap.isEmpty() },
      {
        event: 'STOP',
        when: ({ qemu, ramList, kvm: { dirtyBitmap } }) =>
          [qemu.bmap, ramList.dirtyMemory, dirtyBitmap(0), dirtyBitmap(1)].every((bitmap) => bitmap.isEmpty()),
      },
    ],
  },
  () => true,
  ({ is, actors }) => is.resumed.of(actors.destination),
);

/**
 * The downtime ends. A vCPU in KVM looks for signals at each entry (`signal_pending`, `vcpu_enter_guest`). The model
 * leaves the order of entry and PAUSE open, so strong fairness of PAUSE is assumed; and of VM_STOP, so that a device
 * that is told to stop begins no further write.
 */
const switchoverEnds = leadsTo(
  {
    id: 'switchover-ends',
    description: 'once QEMU stops the guest, the destination resumes, even if the guest writes until then',
    strongly: [{ event: 'PAUSE' }, { event: 'VM_STOP' }],
  },
  ({ is, actors }) => is.stopping.of(actors.migration),
  ({ is, actors }) => is.resumed.of(actors.destination),
);

/** The liveness properties of every design. */
export const liveness = [ipiIsTaken, ioctlReturns, quietGuestMigrates, switchoverEnds];

/**
 * Returns the property for designs in which interrupts are off at times, so that IPI and PAUSE are not continuously
 * enabled: strong fairness is assumed. A processor takes a pending IPI as soon as interrupts are on, or leaves the
 * guest for it; a vCPU looks for signals at each entry.
 */
export const whereInterruptsAreOff = (property: Property): Property =>
  property.kind === 'leads-to'
    ? { ...property, strongly: [...(property.strongly ?? []), { event: 'IPI' }, { event: 'PAUSE' }] }
    : property;
