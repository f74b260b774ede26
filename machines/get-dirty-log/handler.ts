import { bit, bitmap, counter, index } from '../../src/model/cells.ts';
import { neighboursOf, othersSetBits, tableOf, vcpusOf, wordCount, wordIndex, writerCount } from '../params.ts';
import { kvm, notWritable, vcpuModes } from '../system.ts';

type Chunks = { readonly pages: number; readonly bitsPerWord: number; readonly wordsPerClear: number };

const firstOfChunk = (word: number, { wordsPerClear }: Chunks): number => word - (word % wordsPerClear);

const isLastOfChunk = (word: number, size: Chunks): boolean =>
  (word + 1) % size.wordsPerClear === 0 || word + 1 === wordCount(size);

/** Who called: 0 for the migration thread, 1 for the display refresh. */
const callerOf = ({ me, actors }: { readonly me: number; readonly actors: { readonly getDirtyLog: number } }): 0 | 1 =>
  me === actors.getDirtyLog ? 0 : 1;

/**
 * What every handler of the GET_DIRTY_LOG ioctl can do; a design is the statechart that puts it in order. The snapshot buffer is the second
 * half of the slot's bitmap, and reached under `slots_lock` only. A thread calls one ioctl at a time.
 */
export const dirtyLogHandler = kvm
  .actor({
    events: {
      STEP: {},
      MAKE_REQUEST: { field: 'vcpu', size: ({ vcpus }) => vcpus },
      /** `need_resched() || spin_needbreak(&kvm->mmu_lock)` */
      BREAK: { optional: true },
      /** no memory for a page table */
      ALLOCATION_FAILS: { optional: true },
      /** the host takes the page frame away that an indirect spte maps */
      SWAP_OUT: { optional: true },
      /** a page of the guest becomes one that holds a page table */
      TRACK: { field: 'gfn', size: ({ pages }) => pages, optional: true },
    },
    registers: (size) => ({
      /** the word of the bitmap that the scan is at */
      word: wordIndex(size),
      /** bits of that word whose pages are still to be protected */
      mask: bitmap(Math.min(size.bitsPerWord, size.pages), { bitsPerWord: size.bitsPerWord }),
      /** a word that was loaded, where clearing takes a load and a store */
      loaded: bitmap(Math.min(size.bitsPerWord, size.pages), { bitsPerWord: size.bitsPerWord }),
      /** `is_dirty`: something was taken out of the bitmap */
      isDirty: bit(),
      /** the memslots that were in use when the ioctl began */
      slots: index(2),
      /** `nr_dirty_pages` as the ioctl has read it */
      nrDirtyPages: counter(size.shadowPages > 0 ? 2 * size.pages : 0),
      /** the page that a walk over all sptes is at */
      gfn: counter(size.pages),
      /** flushing: vCPUs to make a request of, and those to send an IPI to and to wait for */
      toRequest: vcpusOf(size),
      cpus: vcpusOf(size),
      /** the vCPU whose mode is to be read, where that is a step of its own */
      vcpu: index(size.handshake === 1 ? size.vcpus : 1),
    }),
  })
  .setup({
    actions: {
      startIoctl: ({ context }) => {
        const { ghost, ram, ramList, qemu, ioctl, params } = context;
        if (callerOf(context) !== 0) return;
        ghost.due.copyFrom(ram.stale);
        ghost.due.andNotFrom(qemu.bmap);
        if (params.collectors > 1) ghost.due.andNotFrom(qemu.refreshBitmap);
        if (params.collectors > 1) ghost.due.andNotFrom(ioctl.snapshot);
        if (othersSetBits(params)) ghost.due.andNotFrom(ramList.dirtyMemory);
        for (let writer = 0; writer < writerCount(params); writer++) ghost.due.andNotFrom(ghost.unmarked(writer));
      },
      requestSlotsLock: ({ context: { send, actors } }) => send('LOCK_SLOTS', actors.slotsLock),
      releaseSlotsLock: ({ context: { send, actors } }) => send('UNLOCK_SLOTS', actors.slotsLock),
      requestMmuLock: ({ context: { send, actors } }) => send('LOCK', actors.mmuLock),
      requestMmuLockShared: ({ context: { send, actors } }) => send('LOCK_SHARED', actors.mmuLock),
      releaseMmuLockShared: ({ context: { send, actors } }) => send('UNLOCK_SHARED', actors.mmuLock),
      releaseMmuLock: ({ context: { send, actors } }) => send('UNLOCK', actors.mmuLock),

      nextWord: ({ context: { my } }) => {
        my.word++;
      },
      rewind: ({ context: { my } }) => {
        my.word = 0;
      },
      xchgDirtyWord: ({ context }) => {
        const { kvm, ioctl, my, ghost, params } = context;
        kvm.dirtyBitmap(0).xchgWord(my.word, my.mask);
        ioctl.snapshot.setWord(my.word, my.mask);
        my.isDirty = true;
        ghost.marked(0).setWord(my.word, 0);
        ghost.due.andNotWord(my.word, my.mask);
        if (params.collectors === 1) return;
        const caller = callerOf(context);
        ghost.taken(caller).orWord(my.word, my.mask);
        ghost.taken(1 - caller).andNotWord(my.word, my.mask);
      },
      loadMask: ({ context: { kvm, my } }) => {
        kvm.dirtyBitmap(0).loadWord(my.word, my.mask);
        my.isDirty = true;
      },
      snapshotMask: ({ context: { ioctl, my, ghost } }) => {
        ioctl.snapshot.setWord(my.word, my.mask);
        ghost.due.andNotWord(my.word, my.mask);
      },
      storeZeroWord: ({ context: { kvm, my, ghost } }) => {
        kvm.dirtyBitmap(0).setWord(my.word, 0);
        ghost.marked(0).andNotWord(my.word, my.mask);
      },
      maskOfSnapshot: ({ context: { ioctl, my } }) => ioctl.snapshot.loadWord(my.word, my.mask),
      forgetMask: ({ context: { my } }) => my.mask.fill(false),
      writeProtectPage: ({ context: { kvm, my, params } }) => {
        const bit = my.mask.first();
        my.mask.clear(bit);
        kvm.spteWritable.setWord(my.word * params.bitsPerWord + bit, 0);
      },

      readMemslots: ({ context: { kvm, my } }) => {
        my.slots = kvm.memslots.get();
      },
      publishUnwritableMemslots: ({ context: { kvm } }) => kvm.memslots.set(notWritable),
      publishLoggingMemslots: ({ context: { kvm } }) => kvm.memslots.set(0),
      returnFromSetting: ({ context: { send, actors } }) => send('MEMORY_REGION_SET', actors.migration),
      zeroNewBitmap: ({ context: { kvm, my } }) => kvm.dirtyBitmap(1 - my.slots).fill(false),
      publishMemslots: ({ context: { kvm, my } }) => kvm.memslots.set(1 - my.slots),
      synchronizeSrcu: ({ context: { send, actors } }) => send('SYNCHRONIZE_SRCU', actors.srcu),
      dropWritableSpte: ({ context: { kvm, my } }) => {
        kvm.spteWritable.setWord(my.gfn, 0);
        my.gfn++;
      },
      zapNextSpte: ({ context: { kvm, my } }) => {
        kvm.spteWritable.setWord(my.gfn, 0);
        kvm.spteDirty.clear(my.gfn);
        my.gfn++;
      },
      testAndClearDirtySpte: ({ context: { kvm, ioctl, my } }) => {
        if (kvm.spteDirty.testAndClear(my.gfn)) ioctl.harvested.set(my.gfn);
      },
      loadDirtySpte: ({ context: { kvm, ioctl, my } }) => {
        if (kvm.spteDirty.has(my.gfn)) ioctl.harvested.set(my.gfn);
      },
      storeCleanSpte: ({ context: { kvm, my } }) => kvm.spteDirty.clear(my.gfn),
      markHarvested: ({ context: { kvm, ioctl, my, ghost } }) => {
        kvm.dirtyBitmap(0).set(my.gfn);
        ghost.marked(0).set(my.gfn);
        ioctl.harvested.clear(my.gfn);
        my.isDirty = true;
      },
      nextPage: ({ context: { my } }) => {
        my.gfn++;
      },
      clearDirtySpte: ({ context: { kvm, my, params } }) => {
        const bit = my.mask.first();
        my.mask.clear(bit);
        kvm.spteDirty.clear(my.word * params.bitsPerWord + bit);
      },
      kickVcpus: ({ context: { send, actors } }) => {
        for (const vcpu of actors.vcpu) send('KICK', vcpu);
      },
      rewindWalk: ({ context: { my } }) => {
        my.gfn = 0;
      },
      readNrDirtyPages: ({ context: { kvm, my } }) => {
        my.nrDirtyPages = kvm.nrDirtyPages(my.slots).get();
      },
      forgetNrDirtyPages: ({ context: { my } }) => {
        my.nrDirtyPages = 0;
      },
      zeroNewCount: ({ context: { kvm, my } }) => kvm.nrDirtyPages(1 - my.slots).set(0),
      loadOldWord: ({ context: { kvm, my } }) => kvm.dirtyBitmap(my.slots).loadWord(my.word, my.mask),
      copyOldToUser: ({ context: { kvm, qemu, my, ghost } }) => {
        qemu.userBitmap.copyFrom(kvm.dirtyBitmap(my.slots));
        ghost.due.andNotFrom(qemu.userBitmap);
      },
      freeOldBitmap: ({ context: { kvm, my, ghost } }) => {
        kvm.dirtyBitmap(my.slots).fill(false);
        ghost.marked(my.slots).fill(false);
      },
      forgetSlots: ({ context: { my } }) => {
        my.slots = 0;
      },

      startFlush: ({ context: { my } }) => my.toRequest.fill(true),
      makeRequest: ({ context: { kvm, my }, event }) => {
        my.toRequest.clear(event.vcpu);
        kvm.tlbFlushRequest.set(event.vcpu);
      },
      nextGeneration: ({ context: { kvm, ghost } }) => {
        kvm.rootIsStale.set(0);
        ghost.tableProtected.fill(false);
      },
      makeReloadRequest: ({ context: { kvm, my }, event }) => {
        my.toRequest.clear(event.vcpu);
        kvm.mmuReloadRequest.set(event.vcpu);
      },
      passVcpuBy: ({ context: { my }, event }) => my.toRequest.clear(event.vcpu),
      requestDirtyLogging: ({ context: { kvm, my }, event }) => {
        my.toRequest.clear(event.vcpu);
        kvm.dirtyLoggingRequest.set(event.vcpu);
      },
      pickVcpu: ({ context: { my }, event }) => {
        my.vcpu = event.vcpu;
      },
      requestFlush: ({ context: { kvm, my } }) => {
        my.toRequest.clear(my.vcpu);
        kvm.tlbFlushRequest.set(my.vcpu);
      },
      /** `kvm_vcpu_exiting_guest_mode` */
      cmpxchgMode: ({ context: { kvm, my } }) => {
        const { OUTSIDE_GUEST_MODE, IN_GUEST_MODE, EXITING_GUEST_MODE } = vcpuModes;
        const mode = kvm.vcpuMode(my.vcpu).cmpxchg(IN_GUEST_MODE, EXITING_GUEST_MODE);
        if (mode !== OUTSIDE_GUEST_MODE) my.cpus.set(my.vcpu);
      },
      forgetVcpu: ({ context: { my } }) => {
        my.vcpu = 0;
      },
      addToCpus: ({ context: { my }, event }) => my.cpus.set(event.vcpu),
      sendIpis: ({ context: { my, send, actors } }) => {
        for (const vcpu of actors.vcpu) if (my.cpus.has(vcpu)) send('IPI', vcpu);
      },
      noteFlushed: ({ context: { my } }) => {
        my.isDirty = false;
      },
      forgetCpus: ({ context: { my } }) => my.cpus.fill(false),
      noteAck: ({ context: { my }, event }) => my.cpus.clear(event.from),

      copyLiveWordToUser: ({ context: { kvm, qemu, my, ghost } }) => {
        kvm.dirtyBitmap(0).loadWord(my.word, qemu.userBitmap, my.word);
        ghost.due.andNotWord(my.word, qemu.userBitmap, my.word);
      },
      startClear: ({ context: { my }, event }) => {
        my.word = event.word;
      },
      clearWord: ({ context: { kvm, qemu, ioctl, my, ghost } }) => {
        qemu.userBitmap.loadWord(my.word, my.mask);
        kvm.dirtyBitmap(0).fetchAndNotWord(my.word, my.mask);
        ghost.marked(0).andNotWord(my.word, my.mask);
        ioctl.snapshot.setWord(my.word, my.mask);
        my.isDirty ||= !my.mask.isEmpty();
      },
      clearWholeWord: ({ context: { kvm, ioctl, my, ghost } }) => {
        kvm.dirtyBitmap(0).xchgWord(my.word, my.mask);
        ghost.marked(0).setWord(my.word, 0);
        ioctl.snapshot.setWord(my.word, my.mask);
        my.isDirty ||= !my.mask.isEmpty();
      },
      loadWordToClear: ({ context: { kvm, my } }) => kvm.dirtyBitmap(0).loadWord(my.word, my.loaded),
      storeClearedWord: ({ context: { kvm, qemu, ioctl, my, ghost } }) => {
        qemu.userBitmap.loadWord(my.word, my.mask);
        my.loaded.fetchAndNotWord(0, my.mask);
        kvm.dirtyBitmap(0).setWord(my.word, my.loaded);
        ghost.marked(0).andNotWord(my.word, my.mask);
        ioctl.snapshot.setWord(my.word, my.mask);
        my.isDirty ||= !my.mask.isEmpty();
        my.loaded.fill(false);
      },
      startSplitting: ({ context: { my, params } }) => {
        my.gfn = my.mask.isEmpty() ? 0 : my.word * params.bitsPerWord + my.mask.first();
      },
      splitHugePage: ({ context: { kvm, my, params } }) => kvm.hugeSptes.clear(tableOf(my.gfn, params)),
      writeProtectHugePage: ({ context: { kvm, my, params } }) => {
        for (const gfn of neighboursOf(my.gfn, params)) kvm.spteWritable.clear(gfn);
      },
      splitIntoWritable: ({ context: { kvm, my, params } }) => {
        kvm.hugeSptes.clear(tableOf(my.gfn, params));
        for (const gfn of neighboursOf(my.gfn, params)) kvm.spteWritable.set(gfn);
      },
      writeProtectSmallPage: ({ context: { kvm, my, params } }) => {
        const gfn = my.word * params.bitsPerWord + my.mask.first();
        my.mask.clear(my.mask.first());
        if (!kvm.hugeSptes.has(tableOf(gfn, params))) kvm.spteWritable.clear(gfn);
      },
      forgetClear: ({ context: { ioctl, qemu, my, params } }) => {
        for (let word = firstOfChunk(my.word, params); word <= my.word; word++) qemu.userBitmap.setWord(word, 0);
        ioctl.snapshot.fill(false);
        my.word = 0;
        my.isDirty = false;
      },
      returnFromClear: ({ context: { send, actors } }) => send('CLEARED', actors.migration),
      copyToUser: ({ context }) => {
        const { qemu, ioctl, my } = context;
        (callerOf(context) === 0 ? qemu.userBitmap : qemu.refreshBitmap).copyFrom(ioctl.snapshot);
        ioctl.snapshot.fill(false);
        my.isDirty = false;
      },
      returnToUser: ({ context }) => {
        const { send, actors } = context;
        send('DIRTY_LOG', callerOf(context) === 0 ? actors.migration : (actors.display[0] as number));
      },

      noteIfSpteChanges: ({ context: { kvm, my, params } }) => {
        my.isDirty ||= kvm.spteWritable.has(my.word * params.bitsPerWord + my.mask.first());
      },

      choosePage: ({ context: { my }, event }) => {
        my.gfn = event.gfn;
      },
      zapSpte: ({ context: { kvm, my, params } }) => {
        my.gfn = kvm.indirectGfn.get();
        kvm.indirectGfn.set(params.pages);
        kvm.spteWritable.setWord(my.gfn, 0);
      },
      mapNextPage: ({ context: { kvm, my, params } }) => {
        kvm.indirectGfn.set((my.gfn + 1) % params.pages);
        my.gfn = 0;
      },
      trackPage: ({ context: { mmu, my } }) => mmu.tracked.set(my.gfn),
      noteIfWritable: ({ context: { kvm, my } }) => {
        my.isDirty = kvm.spteWritable.has(my.gfn);
      },
      noteIfMmuWritable: ({ context: { kvm, my } }) => {
        my.isDirty = kvm.spteMmuWritable.has(my.gfn);
      },
      clearWritable: ({ context: { kvm, my } }) => kvm.spteWritable.setWord(my.gfn, 0),
      clearMmuWritable: ({ context: { kvm, my } }) => kvm.spteMmuWritable.setWord(my.gfn, 0),
    },
    guards: {
      spteIsReadOnly: ({ context: { kvm, my } }) => !kvm.spteWritable.has(my.gfn),
      nothingToFlush: ({ context: { my } }) => !my.isDirty,
      scannedAllWords: ({ context: { my, params } }) => my.word === wordCount(params),
      wordIsClean: ({ context: { kvm, my } }) => kvm.dirtyBitmap(my.slots).isWordEmpty(my.word),
      nothingToClear: ({ context: { qemu, my, params } }) =>
        qemu.userBitmap.isWordEmpty(my.word) && !isLastOfChunk(my.word, params),
      wordIsDone: ({ context: { my, params } }) => my.mask.isEmpty() && !isLastOfChunk(my.word, params),
      countIsZero: ({ context: { my } }) => my.nrDirtyPages === 0,
      fewPagesAreDirty: ({ context: { my, params } }) => my.nrDirtyPages < params.shadowPages,
      pageWasClean: ({ context: { ioctl, my } }) => !ioctl.harvested.has(my.gfn),
      spteIsHuge: ({ context: { kvm, my, params } }) => kvm.hugeSptes.has(tableOf(my.gfn, params)),
      splitWholeRange: ({ context: { my, params } }) =>
        my.mask.isEmpty() || my.mask.first(my.gfn - my.word * params.bitsPerWord) < 0,
      walkedAllPages: ({ context: { my, params } }) => my.gfn === params.pages,
      maskIsEmpty: ({ context: { my } }) => my.mask.isEmpty(),
      scannedAllCleanWords: ({ context: { my, params } }) => my.word === wordCount(params) && !my.isDirty,
      notYetRequested: ({ context: { my }, event }) => my.toRequest.has(event.vcpu),
      notYetRequestedInGuest: ({ context: { kvm, my }, event }) =>
        my.toRequest.has(event.vcpu) && kvm.inGuestMode.has(event.vcpu),
      requestedOfAll: ({ context: { my } }) => my.toRequest.isEmpty(),
      noAcksAwaited: ({ context: { my } }) => my.cpus.isEmpty(),
    },
  });
