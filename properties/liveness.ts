import { kvm } from '../machines/system.ts';
import type { Property } from '../src/model/property.ts';

const { leadsTo, leadsToForEach } = kvm.properties;

/** Nobody keeps the ioctl from its end: no lock, no flush, and no guest that dirties pages behind it. */
const ioctlReturns = leadsTo(
  { id: 'ioctl-returns', description: 'GET_DIRTY_LOG and CLEAR_DIRTY_LOG return' },
  ({ is, actors }) => is.inIoctl.of(actors.getDirtyLog),
  ({ is, actors }) => !is.inIoctl.of(actors.getDirtyLog),
);

/** `mmu_lock` starves nobody. */
export const lockIsGranted = leadsToForEach(
  { id: 'lock-is-granted', description: 'whoever asks for mmu_lock gets it' },
  ({ vcpu, getDirtyLog }) => [...vcpu, getDirtyLog],
  ({ is }, actor) => is.waitsForMmuLock.of(actor),
  ({ is }, actor) => !is.waitsForMmuLock.of(actor),
);

/** Readers leave the section that they were in, and new ones do not prolong the wait. */
export const gracePeriodEnds = leadsTo(
  { id: 'grace-period-ends', description: 'synchronize_srcu returns' },
  ({ is, actors }) => is.waitsForGracePeriod.of(actors.getDirtyLog),
  ({ is, actors }) => !is.waitsForGracePeriod.of(actors.getDirtyLog),
);

/** A vCPU acknowledges a flush, whatever it is doing. */
const ipiIsTaken = leadsToForEach(
  { id: 'ipi-is-taken', description: 'a vCPU takes the IPIs and kicks that it is sent' },
  ({ vcpu }) => vcpu,
  ({ posted }, actor) => posted.IPI.waitsFor(actor) || posted.KICK.waitsFor(actor),
  ({ posted }, actor) => !posted.IPI.waitsFor(actor) && !posted.KICK.waitsFor(actor),
);

/**
 * Precopy converges when nobody dirties memory. QEMU's side of it is assumed (`migration_iteration_run`, QEMU 10.2): pages to send are sent
 * although log after log may be taken; when none is left to send the next log is taken (`pending_exact`); and when none is in a log that would
 * be taken now either, the migration completes, as 0 is at or below any threshold.
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
 * The guest is down for a time that ends. A vCPU in KVM looks for signals at each entry (`signal_pending`, `vcpu_enter_guest`); the model leaves
 * it open whether the entry or the PAUSE comes first, so that has to be assumed; and so that a device that is told to stop begins nothing more.
 */
const switchoverEnds = leadsTo(
  {
    id: 'switchover-ends',
    description: 'once QEMU stops the guest, the destination resumes, even if the guest writes to the last',
    strongly: [{ event: 'PAUSE' }, { event: 'VM_STOP' }],
  },
  ({ is, actors }) => is.stopping.of(actors.migration),
  ({ is, actors }) => is.resumed.of(actors.destination),
);

/** What has to come in the end, in every design. */
export const liveness = [ipiIsTaken, ioctlReturns, quietGuestMigrates, switchoverEnds];

/**
 * The same where interrupts are off from time to time, so that nobody could take an IPI or a PAUSE all the while: a processor takes an IPI that
 * waits as soon as they are on, or has its guest leave for it, and a vCPU looks for signals at each entry.
 */
export const whereInterruptsAreOff = (property: Property): Property =>
  property.kind === 'leads-to'
    ? { ...property, strongly: [...(property.strongly ?? []), { event: 'IPI' }, { event: 'PAUSE' }] }
    : property;
