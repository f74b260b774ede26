import { and, or } from '../../src/model/machine.ts';
import { firstPageOf, tableOf } from '../params.ts';
import { step } from '../step.ts';
import { vcpu } from '../vcpu.ts';
import { entryIsOneStep, exitIsOneStep } from './guest.ts';
import { kvmThread, outcome } from './kvm-thread.ts';

export const checkRequest = 'kvm_check_request tests and clears in two accesses, and only the vCPU itself clears';

/** The walk of the processor through the root page. */
const walkThroughRoot = kvmThread.implement({
  actions: {
    loadRootEntry: ({ context: { cpu, nth, params }, event }) => cpu.walk(nth).set(tableOf(event.gfn, params)),
    resetRootWalk: ({ context: { cpu, nth } }) => cpu.walk(nth).fill(false),
  },
  guards: {
    rootEntryIsLoaded: ({ context: { cpu, nth, params }, event }) => cpu.walk(nth).has(tableOf(event.gfn, params)),
    rootEntryAllowsWrite: ({ context: { kvm, params }, event }) => kvm.rootWritable.has(tableOf(event.gfn, params)),
  },
});

/** `kvm_mmu_load`: the root page of the current generation. */
const rootLoad = kvmThread.implement({
  actions: {
    takeReloadRequest: ({ context: { kvm, nth } }) => kvm.mmuReloadRequest.clear(nth),
    flushOnLoad: ({ context: { cpu, nth } }) => cpu.tlb(nth).fill(false),
    recordGeneration: ({ context: { kvm, my } }) => {
      my.outcome = !kvm.rootIsStale.testAndClear(0);
    },
    protectRootEntry: ({ context: { kvm, mmu, ghost } }) => {
      const table = mmu.possibleWritableRoot.first();
      kvm.rootWritable.clear(table);
      mmu.possibleWritableRoot.clear(table);
      // ghost, here because the table is known only until its bit is cleared
      ghost.tableProtected.clear(table);
    },
  },
  guards: {
    mmuReloadRequested: ({ context: { kvm, nth } }) => kvm.mmuReloadRequest.has(nth),
    rootWasCurrent: ({ context: { my } }) => my.outcome,
    rootIsReadOnly: ({ context: { mmu } }) => mmu.possibleWritableRoot.isEmpty(),
  },
});

/** `__direct_map` below a read-only entry of the root: protection moves down one level. */
const tableProtection = kvmThread.implement({
  actions: {
    protectSpteOfTable: ({ context: { kvm, mmu, my, params } }) => {
      const gfn = mmu.possibleWritable.first(firstPageOf(my.gfn, params));
      kvm.spteWritable.clear(gfn);
      mmu.possibleWritable.clear(gfn);
    },
    /** Ghost: all sptes of the table have been made read-only in this generation. */
    noteTableProtected: ({ context: { ghost, my, params } }) => ghost.tableProtected.set(tableOf(my.gfn, params)),
    setRootEntryWritable: ({ context: { kvm, mmu, my, params } }) => {
      kvm.rootWritable.set(tableOf(my.gfn, params));
      mmu.possibleWritableRoot.set(tableOf(my.gfn, params));
    },
    notePossibleWritable: ({ context: { mmu, my } }) => mmu.possibleWritable.set(my.gfn),
  },
  guards: {
    rootEntryIsWritable: ({ context: { mmu, my, params } }) => mmu.possibleWritableRoot.has(tableOf(my.gfn, params)),
    tableIsReadOnly: ({ context: { mmu, my, params } }) => {
      const gfn = mmu.possibleWritable.first(firstPageOf(my.gfn, params));
      return gfn < 0 || tableOf(gfn, params) !== tableOf(my.gfn, params);
    },
  },
});

/**
 * The vCPU with page tables of two levels that are write-protected from the top, as X. Guangrong posted it in May 2017
 * ("KVM: MMU: fast write protect"). Its steps are those of `kvm_mmu_load` and `__direct_map` (arch/x86/kvm/mmu.c):
 *
 * - A request to reload (`KVM_REQ_MMU_RELOAD`) makes the vCPU load the root before it enters the guest. If the root
 *   page is not of the current generation, its writable entries are made read-only. In any case the TLB is flushed
 *   then.
 * - A write fault below a read-only entry of the root first makes the writable sptes of that table read-only, and then
 *   the entry writable. At the leaf it marks the page and installs the spte, as in `vcpu`.
 *
 * The vCPUs share one root page, as vCPUs with the same role do: the first that loads it protects it, the others find
 * it current. The generation is recorded when it is compared; the series records it when the entries are done. No
 * thread can tell, for both lie under one hold of `mmu_lock`. The processor walks in two steps: it loads the entry of
 * the root, then the spte.
 */
export const vcpuLazy = vcpu.use(walkThroughRoot, rootLoad, tableProtection, outcome).extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: and(['rootEntryIsLoaded', 'spteAllowsWrite']), actions: ['fillTlb', 'resetRootWalk'] },
          {
            guard: 'rootEntryIsLoaded',
            actions: ['resetRootWalk', 'exitForPage', 'leaveGuestMode'],
            target: 'host.lockMmu',
            meta: { coarse: exitIsOneStep },
          },
          { guard: 'rootEntryAllowsWrite', actions: ['resetRootWalk', 'loadRootEntry'] },
          {
            actions: ['resetRootWalk', 'exitForPage', 'leaveGuestMode'],
            target: 'host.lockMmu',
            meta: { coarse: exitIsOneStep },
          },
        ],
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['resetRootWalk', 'exitForPage', 'leaveGuestMode'],
          target: 'host.writeGuestPage',
        },
        IPI: { actions: ['resetRootWalk', 'leaveGuestMode', 'ackIpi'], target: 'host.enterGuest' },
        PAUSE: { actions: ['resetRootWalk', 'leaveGuestMode'], target: 'host.inUserspace' },
        PREEMPT: { actions: ['resetRootWalk', 'leaveGuestMode'], target: 'scheduledOut' },
      },
    },
    host: {
      states: {
        readMemslots: {
          always: { guard: 'memslotsStay', target: 'walkRoot' },
          on: step('readMemslots', 'walkRoot'),
        },
        walkRoot: {
          description: '__direct_map: is the entry of the root page writable?',
          tags: ['holdsMmuLock'],
          always: [{ guard: 'rootEntryIsWritable', target: 'markPageDirty' }, { target: 'protectTable' }],
        },
        protectTable: {
          description: '__direct_map: clear W of each spte in possible_writable_spte_bitmap of the table',
          tags: ['holdsMmuLock'],
          always: { guard: 'tableIsReadOnly', actions: 'noteTableProtected', target: 'setRootEntryWritable' },
          on: step('protectSpteOfTable'),
        },
        setRootEntryWritable: {
          description: '__direct_map: set W of the entry of the root page',
          tags: ['holdsMmuLock'],
          on: step('setRootEntryWritable', 'markPageDirty'),
        },
        setSpte: {
          on: step(['setSpteWritable', 'notePossibleWritable', 'resetGfn', 'releaseMmuLock'], 'enterGuest'),
        },
        enterGuest: {
          description: 'vcpu_enter_guest: if (kvm_check_request(KVM_REQ_MMU_RELOAD, vcpu)) load the root; VM entry',
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
          description: 'kvm_mmu_load: spin_lock(&vcpu->kvm->mmu_lock)',
          tags: ['waitsForMmuLock', 'loadsRoot'],
          entry: 'requestMmuLock',
          on: { LOCK_GRANTED: 'loadRoot' },
        },
        loadRoot: {
          description: 'kvm_mmu_load: compare the generation of the root page with that of the VM',
          tags: ['holdsMmuLock', 'loadsRoot'],
          on: step('recordGeneration', 'protectRoot'),
        },
        protectRoot: {
          description:
            'kvm_mmu_load: if the generation differed, clear W of each writable entry of the root; flush the TLB',
          tags: ['holdsMmuLock', 'loadsRoot', 'protectsRoot'],
          always: {
            guard: or(['rootWasCurrent', 'rootIsReadOnly']),
            actions: ['resetOutcome', 'flushOnLoad', 'releaseMmuLock'],
            target: 'enterGuest',
          },
          on: step('protectRootEntry'),
        },
      },
    },
  },
});
