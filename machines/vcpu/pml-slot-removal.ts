import { not } from '../../src/model/machine.ts';
import { exitIsOneStep } from '../vcpu.ts';
import { oneSpte } from '../write-tracking.ts';
import { setAndLog, vcpuWithPml } from './dirty-bits.ts';
import { leaveForUserspace } from './slot-removal.ts';

/**
 * The vCPU with page-modification logging whose slot may take no writes: there its sptes lose W, so that a write faults first. The fault drains
 * the log, as every exit does, looks the slot up (`kvm_faultin_pfn`), and makes an spte that is writable and dirty, marking the page
 * (`make_spte`, arch/x86/kvm/mmu/spte.c), under `mmu_lock`. Linux 6.1.
 */
export const vcpuPmlWithSlotRemoval = vcpuWithPml.extend({
  states: {
    mmioExit: {
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
        drainPmlForFault: {
          always: { guard: 'pmlIsEmpty', target: 'readMemslots' },
          on: { STEP: { actions: 'markPageOfPml' } },
        },
        drainPmlToEmulate: { always: { guard: 'pmlIsEmpty', target: 'readMemslotsForWrite' } },
        readMemslotsForWrite: { always: [], on: { STEP: { actions: 'readMemslots', target: 'writeGuestPage' } } },
        writeGuestPage: {
          tags: ['usesMemslots'],
          always: leaveForUserspace,
          on: { STEP: { actions: 'writeGuestPage', target: 'markWrite' } },
        },
        readMemslots: { tags: [], always: [], on: { STEP: { actions: 'readMemslots', target: 'faultinPfn' } } },
        faultinPfn: { tags: ['usesMemslots'], always: leaveForUserspace, on: { STEP: 'lockMmu' } },
        lockMmu: { tags: ['waitsForMmuLock', 'usesMemslots'], on: { LOCK_GRANTED: 'markPageDirty' } },
        setSpte: {
          on: {
            STEP: {
              actions: ['setSpteWritableAndDirty', 'forgetPage', 'releaseMmuLock'],
              target: 'enterGuest',
              meta: { coarse: oneSpte },
            },
          },
        },
      },
    },
  },
});
