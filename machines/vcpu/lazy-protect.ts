import { and, or } from '../../src/model/machine.ts';
import { entryIsOneStep, exitIsOneStep, vcpu } from '../vcpu.ts';

export const checkRequest = 'kvm_check_request tests and clears in two accesses, and only the vCPU itself clears';

/**
 * The vCPU with page tables of two levels that are write-protected from the top, as X. Guangrong posted it in May 2017 ("KVM: MMU: fast write
 * protect"). Its steps are those of `kvm_mmu_load` and `__direct_map` (arch/x86/kvm/mmu.c):
 *
 * - A request to reload (`KVM_REQ_MMU_RELOAD`) makes the vCPU load the root before it enters the guest. If the root page is not of the
 *   current generation, its writable entries are made read-only. In any case the TLB is flushed then.
 * - A write fault below a read-only entry of the root first makes the writable sptes of that table read-only, and then the entry writable.
 *   At the leaf it marks the page and installs the spte, as ever.
 *
 * The vCPUs share one root page, as vCPUs with the same role do: the first that loads it protects it, the others find it current. The
 * generation is recorded when it is compared; the series records it when the entries are done. Nobody can tell, for both lie under one hold
 * of `mmu_lock`. The processor walks in two steps: it loads the entry of the root, then the spte.
 */
export const vcpuLazy = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: and(['rootEntryIsLoaded', 'spteAllowsWrite']), actions: ['fillTlb', 'endWalk'] },
          {
            guard: 'rootEntryIsLoaded',
            actions: ['endWalk', 'exitForPage', 'leaveGuestMode'],
            target: 'host.lockMmu',
            meta: { coarse: exitIsOneStep },
          },
          { guard: 'rootEntryAllowsWrite', actions: ['endWalk', 'loadRootEntry'] },
          {
            actions: ['endWalk', 'exitForPage', 'leaveGuestMode'],
            target: 'host.lockMmu',
            meta: { coarse: exitIsOneStep },
          },
        ],
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['endWalk', 'exitForPage', 'leaveGuestMode'],
          target: 'host.writeGuestPage',
        },
        IPI: { actions: ['endWalk', 'leaveGuestMode', 'ackIpi'], target: 'host.enterGuest' },
        PAUSE: { actions: ['endWalk', 'leaveGuestMode'], target: 'host.inUserspace' },
        PREEMPT: { actions: ['endWalk', 'leaveGuestMode'], target: 'scheduledOut' },
      },
    },
    host: {
      states: {
        readMemslots: {
          always: { guard: 'memslotsStay', target: 'walkRoot' },
          on: { STEP: { actions: 'readMemslots', target: 'walkRoot' } },
        },
        walkRoot: {
          tags: ['holdsMmuLock'],
          always: [{ guard: 'rootEntryIsWritable', target: 'markPageDirty' }, { target: 'protectTable' }],
        },
        protectTable: {
          tags: ['holdsMmuLock'],
          always: { guard: 'tableIsReadOnly', actions: 'noteTableProtected', target: 'setRootEntryWritable' },
          on: { STEP: { actions: 'protectSpteOfTable' } },
        },
        setRootEntryWritable: {
          tags: ['holdsMmuLock'],
          on: { STEP: { actions: 'setRootEntryWritable', target: 'markPageDirty' } },
        },
        setSpte: {
          on: {
            STEP: {
              actions: ['setSpteWritable', 'notePossibleWritable', 'forgetPage', 'releaseMmuLock'],
              target: 'enterGuest',
            },
          },
        },
        enterGuest: {
          on: {
            STEP: [
              {
                guard: 'mmuReloadRequested',
                actions: 'takeReloadRequest',
                target: 'lockMmuToLoadRoot',
                meta: { coarse: checkRequest },
              },
              { actions: 'enterGuestMode', target: '#vcpu.inGuest', meta: { coarse: entryIsOneStep } },
            ],
          },
        },
        lockMmuToLoadRoot: {
          tags: ['waitsForMmuLock', 'loadsRoot'],
          entry: 'requestMmuLock',
          on: { LOCK_GRANTED: 'loadRoot' },
        },
        loadRoot: {
          tags: ['holdsMmuLock', 'loadsRoot'],
          on: { STEP: { actions: 'recordGeneration', target: 'protectRoot' } },
        },
        protectRoot: {
          tags: ['holdsMmuLock', 'loadsRoot', 'protectsRoot'],
          always: {
            guard: or(['rootWasCurrent', 'rootIsReadOnly']),
            actions: ['forgetOutcome', 'flushOnLoad', 'releaseMmuLock'],
            target: 'enterGuest',
          },
          on: { STEP: { actions: 'protectRootEntry' } },
        },
      },
    },
  },
});
