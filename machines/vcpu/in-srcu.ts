import { entryIsOneStep, exitIsOneStep, vcpu } from '../vcpu.ts';

/**
 * The vCPU as it is where GET_DIRTY_LOG switches the memslots (Linux 2.6.37 to 3.1): the thread is inside an SRCU read section from VM
 * exit to VM entry, and marks in the bitmap of the memslots that it dereferenced there.
 */
export const vcpuInSrcu = vcpu.with({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'spteAllowsWrite', actions: 'fillTlb' },
          {
            actions: ['exitForPage', 'leaveGuestMode', 'srcuReadLock'],
            target: 'host.lockMmu',
            meta: { coarse: exitIsOneStep },
          },
        ],
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['exitForPage', 'leaveGuestMode', 'srcuReadLock'],
          target: 'host.writeGuestPage',
        },
        IPI: { actions: ['leaveGuestMode', 'srcuReadLock', 'ackIpi'], target: 'host.enterGuest' },
      },
    },
    host: {
      states: {
        lockMmu: { on: { LOCK_GRANTED: 'readMemslots' } },
        readMemslots: { tags: ['holdsMmuLock'], on: { STEP: { actions: 'readMemslots', target: 'markPageDirty' } } },
        markPageDirty: {
          tags: ['holdsMmuLock', 'usesMemslots'],
          on: { STEP: { actions: ['markPageDirty', 'forgetMemslots'], target: 'setSpte' } },
        },
        writeGuestPage: { on: { STEP: { actions: 'writeGuestPage', target: 'readMemslotsForWrite' } } },
        readMemslotsForWrite: { on: { STEP: { actions: 'readMemslots', target: 'markWrite' } } },
        markWrite: {
          tags: ['usesMemslots'],
          on: {
            STEP: {
              actions: ['markPageDirty', 'noteWriteIsMarked', 'forgetMemslots', 'forgetPage'],
              target: 'enterGuest',
            },
          },
        },
        enterGuest: {
          on: {
            STEP: [
              {
                guard: 'tlbFlushRequested',
                actions: ['flushTlb', 'enterGuestMode', 'srcuReadUnlock'],
                target: '#vcpu.inGuest',
                meta: { coarse: entryIsOneStep },
              },
              {
                actions: ['enterGuestMode', 'srcuReadUnlock'],
                target: '#vcpu.inGuest',
                meta: { coarse: entryIsOneStep },
              },
            ],
            PAUSE: { actions: 'srcuReadUnlock', target: 'inUserspace' },
          },
        },
      },
    },
  },
});
