import { actor, bit, bitmap, counter, index } from '../src/model/cells.ts';
import { actorCount, firstPageOf, neighboursOf, tableOf } from './params.ts';
import { kvm, notLogging, notWritable, vcpuModes } from './system.ts';

export const exitIsOneStep =
  'VM exit and the store of vcpu->mode are one step, which rmap-xchg-handshake takes apart: in between interrupts are off, so that an IPI waits';
export const entryIsOneStep =
  'the store of vcpu->mode, the check of vcpu->requests and VM entry are one step, which rmap-xchg-handshake takes apart and proves';

/** What a thread in KVM can do that writes guest memory: a vCPU, or one that writes on its own (host-writer.ts). */
export const kvmThread = kvm
  .actor({
    events: {
      STEP: {},
      WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true },
      EMULATED_WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true },
      HOST_WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true },
      /** the TLB drops an entry, as it does to make room for another */
      EVICT: { field: 'gfn', size: ({ pages, tlbEvicts }) => tlbEvicts * pages, optional: true },
      /** its processor is given to another thread */
      PREEMPT: { field: 'processor', size: ({ preemption }) => preemption, optional: true },
      /** a write fault that the lockless path does not mend */
      FIX_SLOWLY: { optional: true },
      /** a VM exit for a reason of its own, such as a timer interrupt */
      EXIT: { optional: true },
    },
    registers: ({ pages, bitsPerWord, shadowPages, handshake, ...size }) => ({
      /** the page that the exit was for */
      gfn: index(pages),
      /** who sent the IPI that the exit was for, where the answer is a step of its own */
      flusher: actor(handshake === 1 ? actorCount(size) : 0),
      /** the word of the bitmap that a mark has loaded, where marking takes a load and a store */
      loaded: bitmap(Math.min(bitsPerWord, pages), { bitsPerWord }),
      /** what an atomic operation found: the bit was clear before, the cmpxchg succeeded */
      wasClear: bit(),
      /** the count of dirty pages that was loaded, where they are counted */
      count: counter(shadowPages > 0 ? 2 * pages : 0),
    }),
  })
  .setup({
    actions: {
      writePage: ({ context: { ram }, event }) => ram.stale.setWord(event.gfn, 1),
      fillTlb: ({ context: { cpu, nth }, event }) => cpu.tlb(nth).set(event.gfn),
      evictEntry: ({ context: { cpu, nth }, event }) => cpu.tlb(nth).clear(event.gfn),
      exitForPage: ({ context: { my }, event }) => {
        my.gfn = event.gfn;
      },
      startHostWrite: ({ context: { my }, event }) => {
        my.gfn = event.gfn;
      },
      storeInGuestMode: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).set(vcpuModes.IN_GUEST_MODE),
      storeOutsideGuestMode: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).set(vcpuModes.OUTSIDE_GUEST_MODE),
      cancelEntry: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).set(vcpuModes.OUTSIDE_GUEST_MODE),
      smpMb: ({ context: { barrier } }) => barrier(),
      /** what the processor does takes time, and changes nothing that anybody else sees */
      vmExit: () => undefined,
      vmEntry: () => undefined,
      leaveGuestMode: ({ context: { kvm, nth } }) => kvm.inGuestMode.clear(nth),
      enterGuestMode: ({ context: { kvm, nth } }) => kvm.inGuestMode.set(nth),
      requestMmuLock: ({ context: { send, actors } }) => send('LOCK', actors.mmuLock),
      releaseMmuLock: ({ context: { send, actors } }) => send('UNLOCK', actors.mmuLock),
      readMemslots: ({ context: { kvm, cpu, me } }) => cpu.memslots(me).set(kvm.memslots.get()),
      forgetMemslots: ({ context: { cpu, me } }) => cpu.memslots(me).set(0),
      markPageDirty: ({ context: { kvm, cpu, my, me, ghost } }) => {
        const slots = cpu.memslots(me).get();
        kvm.dirtyBitmap(slots).set(my.gfn);
        ghost.marked(slots).set(my.gfn);
      },
      testAndMarkPageDirty: ({ context: { kvm, cpu, my, me, ghost } }) => {
        const slots = cpu.memslots(me).get();
        my.wasClear = !kvm.dirtyBitmap(slots).testAndSet(my.gfn);
        ghost.marked(slots).set(my.gfn);
        if (my.wasClear) ghost.unmarked(me).set(my.gfn);
      },
      loadCount: ({ context: { kvm, cpu, my, me } }) => {
        my.count = kvm.nrDirtyPages(cpu.memslots(me).get()).get();
      },
      storeCount: ({ context: { kvm, cpu, my, me, ghost } }) => {
        kvm.nrDirtyPages(cpu.memslots(me).get()).set(my.count + 1);
        ghost.unmarked(me).clear(my.gfn);
        my.count = 0;
        my.wasClear = false;
      },
      loadDirtyWord: ({ context: { kvm, cpu, my, me } }) => {
        const dirtyBitmap = kvm.dirtyBitmap(cpu.memslots(me).get());
        dirtyBitmap.loadWord(dirtyBitmap.wordOf(my.gfn), my.loaded);
      },
      storeDirtyWord: ({ context: { kvm, cpu, my, me, ghost, params } }) => {
        const slots = cpu.memslots(me).get();
        const dirtyBitmap = kvm.dirtyBitmap(slots);
        my.loaded.set(my.gfn % params.bitsPerWord);
        dirtyBitmap.setWord(dirtyBitmap.wordOf(my.gfn), my.loaded);
        my.loaded.fill(false);
        ghost.marked(slots).set(my.gfn);
      },
      cmpxchgSpteWritable: ({ context: { kvm, my, me, ghost } }) => {
        my.wasClear = !kvm.spteWritable.testAndSet(my.gfn);
        if (my.wasClear) ghost.unmarked(me).set(my.gfn);
      },
      cmpxchgMmuWritableSpte: ({ context: { kvm, my, me, params, ghost } }) => {
        const isMmuWritable = params.shadowMmu === 0 || kvm.spteMmuWritable.has(my.gfn);
        my.wasClear = isMmuWritable && !kvm.spteWritable.testAndSet(my.gfn);
        if (my.wasClear) ghost.unmarked(me).set(my.gfn);
      },
      cmpxchgIndirectSpte: ({ context: { kvm, my, me, params, ghost } }) => {
        const gfn = kvm.indirectGfn.get();
        my.wasClear = gfn < params.pages && !kvm.spteWritable.testAndSet(gfn);
        if (my.wasClear) ghost.unmarked(me).set(my.gfn);
      },
      forgetOutcome: ({ context: { my } }) => {
        my.wasClear = false;
      },
      updateCpuDirtyLogging: ({ context: { kvm, cpu, nth } }) => {
        kvm.dirtyLoggingRequest.clear(nth);
        cpu.pmlOn.set(nth);
      },
      setSpteDirty: ({ context: { kvm }, event }) => kvm.spteDirty.set(event.gfn),
      logToPml: ({ context: { cpu, nth, ghost, me }, event }) => {
        cpu.pml(nth).set(event.gfn);
        ghost.unmarked(me).set(event.gfn);
      },
      markPageOfPml: ({ context: { kvm, cpu, nth, ghost, me } }) => {
        const gfn = cpu.pml(nth).first();
        cpu.pml(nth).clear(gfn);
        kvm.dirtyBitmap(0).set(gfn);
        ghost.marked(0).set(gfn);
        ghost.unmarked(me).clear(gfn);
      },
      requestMmuLockShared: ({ context: { send, actors } }) => send('LOCK_SHARED', actors.mmuLock),
      releaseMmuLockShared: ({ context: { send, actors } }) => send('UNLOCK_SHARED', actors.mmuLock),
      setSpteWritable: ({ context: { kvm, my } }) => kvm.spteWritable.setWord(my.gfn, 1),
      setSpteWritableAndDirty: ({ context: { kvm, my } }) => {
        kvm.spteWritable.setWord(my.gfn, 1);
        kvm.spteDirty.set(my.gfn);
      },
      writeGuestPage: ({ context: { ram, ghost, my, me } }) => {
        ram.stale.setWord(my.gfn, 1);
        ghost.unmarked(me).set(my.gfn);
      },
      noteWriteIsMarked: ({ context: { ghost, my, me } }) => ghost.unmarked(me).clear(my.gfn),
      forgetPage: ({ context: { my } }) => {
        my.gfn = 0;
      },
      flushTlb: ({ context: { kvm, cpu, nth } }) => {
        kvm.tlbFlushRequest.clear(nth);
        cpu.tlb(nth).fill(false);
      },
      ackIpi: ({ context: { send }, event }) => send('IPI_ACK', event.from),
      noteFlusher: ({ context: { my }, event }) => {
        my.flusher = event.from;
      },
      ackFlusher: ({ context: { my, actors, send } }) => {
        send('IPI_ACK', my.flusher);
        my.flusher = actors.nobody;
      },
      /** `kvm_vcpu_kick` of a vCPU that is not in guest mode does nothing */
      ignoreKick: () => undefined,
      reportPaused: ({ context: { send, actors } }) => send('PAUSED', actors.migration),
      loadRootEntry: ({ context: { cpu, nth, params }, event }) => cpu.walk(nth).set(tableOf(event.gfn, params)),
      endWalk: ({ context: { cpu, nth } }) => cpu.walk(nth).fill(false),
      takeReloadRequest: ({ context: { kvm, nth } }) => kvm.mmuReloadRequest.clear(nth),
      flushOnLoad: ({ context: { cpu, nth } }) => cpu.tlb(nth).fill(false),
      recordGeneration: ({ context: { kvm, my } }) => {
        my.wasClear = !kvm.rootIsStale.testAndClear(0);
      },
      protectRootEntry: ({ context: { kvm, mmu, ghost } }) => {
        const table = mmu.possibleWritableRoot.first();
        kvm.rootWritable.clear(table);
        mmu.possibleWritableRoot.clear(table);
        ghost.tableProtected.clear(table);
      },
      protectSpteOfTable: ({ context: { kvm, mmu, my, params } }) => {
        const gfn = mmu.possibleWritable.first(firstPageOf(my.gfn, params));
        kvm.spteWritable.clear(gfn);
        mmu.possibleWritable.clear(gfn);
      },
      protectOneSpte: ({ context: { kvm, mmu, my } }) => {
        kvm.spteWritable.clear(my.gfn);
        mmu.possibleWritable.clear(my.gfn);
      },
      noteTableProtected: ({ context: { ghost, my, params } }) => ghost.tableProtected.set(tableOf(my.gfn, params)),
      setRootEntryWritable: ({ context: { kvm, mmu, my, params } }) => {
        kvm.rootWritable.set(tableOf(my.gfn, params));
        mmu.possibleWritableRoot.set(tableOf(my.gfn, params));
      },
      notePossibleWritable: ({ context: { mmu, my } }) => mmu.possibleWritable.set(my.gfn),
      fillHugeTlb: ({ context: { cpu, nth, params }, event }) => {
        for (const gfn of neighboursOf(event.gfn, params)) cpu.tlb(nth).set(gfn);
      },
      splitHugePage: ({ context: { kvm, my, params } }) => kvm.hugeSptes.clear(tableOf(my.gfn, params)),
      cmpxchgHugeSpteWritable: ({ context: { kvm, my, me, params, ghost } }) => {
        my.gfn = firstPageOf(my.gfn, params);
        my.wasClear = !kvm.spteWritable.has(my.gfn);
        for (const gfn of neighboursOf(my.gfn, params)) kvm.spteWritable.set(gfn);
        if (my.wasClear) ghost.unmarked(me).set(my.gfn);
      },
      reportStopped: ({ context: { send, actors } }) => send('STOPPED', actors.migration),
      srcuReadLock: ({ context: { send, actors } }) => send('SRCU_READ_LOCK', actors.srcu),
      srcuReadUnlock: ({ context: { send, actors } }) => send('SRCU_READ_UNLOCK', actors.srcu),
    },
    guards: {
      tlbAllowsWrite: ({ context: { cpu, nth }, event }) => cpu.tlb(nth).has(event.gfn) === true,
      spteAllowsWrite: ({ context: { kvm }, event }) => kvm.spteWritable.has(event.gfn),
      bitWasClear: ({ context: { my } }) => my.wasClear,
      runsEmulatedCode: ({ context: { nth, params } }) => nth < params.emulatingVcpus,
      spteIsWritable: ({ context: { kvm, my } }) => kvm.spteWritable.has(my.gfn),
      spteIsMmuWritable: ({ context: { kvm, my, params } }) =>
        params.shadowMmu === 0 || kvm.spteMmuWritable.has(my.gfn),
      pageIsTracked: ({ context: { mmu, my, params } }) => params.shadowMmu === 1 && mmu.tracked.has(my.gfn),
      gpteMapsPage: ({ context: { kvm, params }, event }) =>
        params.shadowMmu === 0 || kvm.indirectGfn.get() === event.gfn,
      spteMapsPage: ({ context: { kvm, my, params } }) => params.shadowMmu === 0 || kvm.indirectGfn.get() === my.gfn,
      spteIsDirty: ({ context: { kvm }, event }) => kvm.spteDirty.has(event.gfn),
      dirtyLoggingRequested: ({ context: { kvm, nth } }) => kvm.dirtyLoggingRequest.has(nth),
      pmlIsOff: ({ context: { cpu, nth } }) => !cpu.pmlOn.has(nth),
      pmlIsFull: ({ context: { cpu, nth, params } }) => cpu.pml(nth).count() >= params.pmlEntries,
      pmlIsEmpty: ({ context: { cpu, nth } }) => cpu.pml(nth).isEmpty(),
      rootEntryIsLoaded: ({ context: { cpu, nth, params }, event }) => cpu.walk(nth).has(tableOf(event.gfn, params)),
      rootEntryAllowsWrite: ({ context: { kvm, params }, event }) => kvm.rootWritable.has(tableOf(event.gfn, params)),
      rootEntryIsWritable: ({ context: { mmu, my, params } }) => mmu.possibleWritableRoot.has(tableOf(my.gfn, params)),
      rootIsReadOnly: ({ context: { mmu } }) => mmu.possibleWritableRoot.isEmpty(),
      tableIsReadOnly: ({ context: { mmu, my, params } }) => {
        const gfn = mmu.possibleWritable.first(firstPageOf(my.gfn, params));
        return gfn < 0 || tableOf(gfn, params) !== tableOf(my.gfn, params);
      },
      hugeSpteAllowsWrite: ({ context: { kvm, params }, event }) =>
        kvm.hugeSptes.has(tableOf(event.gfn, params)) && kvm.spteWritable.has(event.gfn),
      spteIsHuge: ({ context: { kvm, my, params } }) => kvm.hugeSptes.has(tableOf(my.gfn, params)),
      rootWasCurrent: ({ context: { my } }) => my.wasClear,
      mmuReloadRequested: ({ context: { kvm, nth } }) => kvm.mmuReloadRequest.has(nth),
      modeIsExiting: ({ context: { kvm, nth } }) => kvm.vcpuMode(nth).get() === vcpuModes.EXITING_GUEST_MODE,
      tlbFlushRequested: ({ context: { kvm, nth } }) => kvm.tlbFlushRequest.has(nth),
      memslotsStay: ({ context: { params } }) => params.loggingOn === 1,
      slotTakesNoWrites: ({ context: { cpu, me } }) => cpu.memslots(me).get() === notWritable,
      slotDoesNotLog: ({ context: { cpu, me } }) => cpu.memslots(me).get() === notLogging,
    },
  });

/**
 * A vCPU: the guest that writes through its TLB, and its thread in KVM from VM exit to VM entry. Mirrors `vcpu_enter_guest` and
 * `__vcpu_run` (arch/x86/kvm/x86.c) and `tdp_page_fault`, `set_spte` (arch/x86/kvm/mmu.c) of Linux 3.6; the emulated write is
 * `kvm_write_guest_page` (virt/kvm/kvm_main.c). From VM exit to VM entry the thread is inside an SRCU read section, the state `host`, and it
 * marks in the bitmap of the memslots that it dereferences there; a slot without a bitmap is not marked. VM exit and VM entry are one step
 * each here; vcpu/handshake.ts has them step by step. A vCPU that loses its processor is out of guest mode and of the read section
 * (`kvm_resched`, virt/kvm/kvm_main.c, and `kvm_sched_out`), so that neither a flush nor a grace period waits for it.
 */
export const vcpu = kvmThread.createMachine({
  id: 'vcpu',
  initial: 'inGuest',
  states: {
    inGuest: {
      tags: ['inGuest'],
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'spteAllowsWrite', actions: 'fillTlb' },
          { actions: ['exitForPage', 'leaveGuestMode'], target: 'host.lockMmu', meta: { coarse: exitIsOneStep } },
        ],
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['exitForPage', 'leaveGuestMode'],
          target: 'host.writeGuestPage',
        },
        EVICT: { guard: 'tlbAllowsWrite', actions: 'evictEntry' },
        IPI: { actions: ['leaveGuestMode', 'ackIpi'], target: 'host.enterGuest' },
        PAUSE: { actions: 'leaveGuestMode', target: 'host.inUserspace' },
        PREEMPT: { actions: 'leaveGuestMode', target: 'scheduledOut' },
      },
    },
    scheduledOut: { on: { STEP: 'host.enterGuest', IPI: { actions: 'ackIpi' } } },
    host: {
      initial: 'enterGuest',
      entry: 'srcuReadLock',
      exit: 'srcuReadUnlock',
      on: { IPI: { actions: 'ackIpi' } },
      states: {
        lockMmu: { tags: ['waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'readMemslots' } },
        readMemslots: {
          tags: ['holdsMmuLock'],
          always: { guard: 'memslotsStay', target: 'markPageDirty' },
          on: { STEP: { actions: 'readMemslots', target: 'markPageDirty' } },
        },
        markPageDirty: {
          tags: ['holdsMmuLock', 'usesMemslots'],
          always: { guard: 'slotDoesNotLog', actions: 'forgetMemslots', target: 'setSpte' },
          on: { STEP: { actions: ['markPageDirty', 'forgetMemslots'], target: 'setSpte' } },
        },
        setSpte: {
          tags: ['holdsMmuLock'],
          on: { STEP: { actions: ['setSpteWritable', 'forgetPage', 'releaseMmuLock'], target: 'enterGuest' } },
        },
        writeGuestPage: { on: { STEP: { actions: 'writeGuestPage', target: 'readMemslotsForWrite' } } },
        readMemslotsForWrite: {
          always: { guard: 'memslotsStay', target: 'markWrite' },
          on: { STEP: { actions: 'readMemslots', target: 'markWrite' } },
        },
        markWrite: {
          tags: ['usesMemslots'],
          always: {
            guard: 'slotDoesNotLog',
            actions: ['noteWriteIsMarked', 'forgetMemslots', 'forgetPage'],
            target: 'enterGuest',
          },
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
                actions: ['flushTlb', 'enterGuestMode'],
                target: '#vcpu.inGuest',
                meta: { coarse: entryIsOneStep },
              },
              { actions: 'enterGuestMode', target: '#vcpu.inGuest', meta: { coarse: entryIsOneStep } },
            ],
            PAUSE: 'inUserspace',
          },
        },
        inUserspace: { entry: ['srcuReadUnlock', 'reportPaused'] },
      },
    },
  },
});
