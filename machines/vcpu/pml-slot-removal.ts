import { not } from '../../src/model/machine.ts';
import { step } from '../step.ts';
import { oneSpte } from '../write-tracking.ts';
import { exitIsOneStep } from './guest.ts';
import { kvmThread } from './kvm-thread.ts';
import { drainPml, setAndLog, vcpuWithPml } from './pml.ts';
import { leaveForUserspace, unwritableSlot } from './slot-removal.ts';

/** `make_spte` where sptes have D bits. */
const dirtySpte = kvmThread.implement({
  actions: {
    setSpteWritableAndDirty: ({ context: { kvm, my } }) => {
      kvm.spteWritable.setWord(my.gfn, 1);
      kvm.spteDirty.set(my.gfn);
    },
  },
});

/**
 * `vcpuWithPml` whose slot may take no writes: there its sptes lose W, so that a write faults first. The fault drains
 * the log, as every exit does, looks the slot up (`kvm_faultin_pfn`), and makes an spte that is writable and dirty,
 * marking the page (`make_spte`, arch/x86/kvm/mmu/spte.c), under `mmu_lock`. Linux 6.1.
 */
export const vcpuPmlWithSlotRemoval = vcpuWithPml.use(unwritableSlot, dirtySpte).extend({
  states: {
    mmioExit: {
      description: 'KVM_RUN returns with KVM_EXIT_MMIO',
      tags: ['exitsForMmio'],
      on: { STEP: 'host.enterGuest', IPI: { actions: 'ackIpi' }, KICK: { actions: 'ignoreKick' } },
    },
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          {
            guard: not('spteAllowsWrite'),
            actions: ['exitForPage', 'leaveGuestMode'],
            target: 'host.drainPmlForFault',
            meta: { coarse: exitIsOneStep },
          },
          { guard: 'spteIsDirty', actions: 'fillTlb', meta: { coarse: oneSpte } },
          { guard: 'pmlIsFull', actions: 'leaveGuestMode', target: 'host.drainPml', meta: { coarse: setAndLog } },
          { actions: ['setSpteDirty', 'logToPml', 'fillTlb'], meta: { coarse: setAndLog } },
        ],
      },
    },
    host: {
      states: {
        drainPmlForFault: drainPml('readMemslots'),
        drainPmlToEmulate: { always: { guard: 'pmlIsEmpty', target: 'readMemslotsForWrite' } },
        readMemslotsForWrite: { always: [], on: step('readMemslots', 'writeGuestPage') },
        writeGuestPage: { tags: ['usesMemslots'], always: leaveForUserspace, on: step('writeGuestPage', 'markWrite') },
        readMemslots: {
          description: 'fault->slot = kvm_vcpu_gfn_to_memslot(vcpu, fault->gfn)',
          tags: [],
          always: [],
          on: step('readMemslots', 'faultinPfn'),
        },
        faultinPfn: {
          description: 'kvm_faultin_pfn(vcpu, fault)',
          tags: ['usesMemslots'],
          always: leaveForUserspace,
          on: { STEP: 'lockMmu' },
        },
        lockMmu: { tags: ['waitsForMmuLock', 'usesMemslots'], on: { LOCK_GRANTED: 'markPageDirty' } },
        markPageDirty: { description: 'make_spte: mark_page_dirty_in_slot(vcpu->kvm, slot, gfn)' },
        setSpte: {
          description: 'the spte becomes writable and dirty, and mmu_lock is released',
          on: step(['setSpteWritableAndDirty', 'resetGfn', 'releaseMmuLock'], 'enterGuest', oneSpte),
        },
      },
    },
  },
});
