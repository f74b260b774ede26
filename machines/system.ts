import { actorSet, bitmap, counter, index } from '../src/model/declare.ts';
import { defineSystem, ghost, owned, shared } from '../src/model/system.ts';
import { messages } from './messages.ts';
import { chunkCount, hasRoot, kvmParams, othersSetBits, type Size, tableCount } from './params.ts';

/** `vcpu->mode` (include/linux/kvm_host.h). */
export const vcpuModes = { OUTSIDE_GUEST_MODE: 0, IN_GUEST_MODE: 1, EXITING_GUEST_MODE: 2 } as const;

/** `free_page_hint_status` of the balloon (include/hw/virtio/virtio-balloon.h). */
export const hintStatuses = { STOP: 0, REQUESTED: 1, START: 2 } as const;

/** Whether a flush that is taken step by step has picked a vCPU. */
const isBetweenRequestAndMode = (state: string): boolean => /\bflushTlbs\.(setRequest|readMode)$/.test(state);

/** What a write of the guest does not look at, in most designs; how fast the clock is depends on it, and nothing else. */
const cold = true;

const secondCollector = ({ collectors }: Size): number => collectors - 1;

/**
 * The memory, messages and actors that all designs of dirty logging share.
 *
 * Contents of a page are one bit: whether it changed since its last copy to the destination. So there is no bound on writes or rounds.
 */
export const kvm = defineSystem({
  name: 'kvm-dirty-logging',
  params: kvmParams,
  memory: ({
    vcpus,
    pages,
    bitsPerWord,
    shadowPages,
    dirtyBits,
    pmlEntries,
    initiallySet,
    loggingOn,
    handshake,
    collectors,
    shadowMmu,
    hostWriters,
    devices,
    freePageHints,
    ...size
  }: Size) => ({
    kvm: shared({
      /** `memslot->dirty_bitmap`: the one in use, and the one that a design with a switch puts in its place */
      dirtyBitmap: [
        bitmap(pages, { bitsPerWord, initial: atFirst(initiallySet) }),
        bitmap(pages, { bitsPerWord, cold }),
      ],
      /** `kvm->memslots`: which dirty bitmap the current memslots point to, that there is none, or that the slot takes no writes */
      memslots: memslotsAt(loggingOn),
      /** `memslot->nr_dirty_pages` of each of them, in designs that count */
      nrDirtyPages: [counter(shadowPages > 0 ? 2 * pages : 0), counter(shadowPages > 0 ? 2 * pages : 0)],
      /** `PT_WRITABLE_MASK` of the leaf spte of each page, a word each; not mapped, or protected by who has just switched the log on */
      spteWritable: bitmap(pages, { bitsPerWord: 1, initial: atFirst(loggingOn * initiallySet || hasRoot(size)) }),
      /** `SPTE_MMU_WRITEABLE` of the leaf spte of each page, where somebody write-protects for another reason than the log */
      spteMmuWritable: bitmap(shadowMmu * pages, { bitsPerWord: 1, initial: 'set' }),
      /** the page that the spte of an indirect shadow page maps, or none; its W bit is that of the page */
      indirectGfn: index(shadowMmu * (pages + 1)),
      /** `PT_WRITABLE_MASK` of the entries of the root page, a word each; all vCPUs share it */
      rootWritable: bitmap(hasRoot(size) * tableCount({ pages, ...size }), { bitsPerWord: 1 }),
      /** the generation of the root page is not that of the VM: numbers grow, and are only ever compared, so one bit tells all */
      rootIsStale: bitmap(hasRoot(size)),
      /** tables whose pages are mapped by one huge spte: its W bit is the W bits of all of them, which change together */
      hugeSptes: bitmap(size.hugePages * tableCount({ pages, ...size }), { initial: 'set' }),
      /** `KVM_REQ_MMU_RELOAD` in `vcpu->requests` */
      mmuReloadRequest: actorSet(hasRoot(size) * vcpus),
      /** the D bit of the leaf spte of each page, in designs that use it */
      spteDirty: bitmap(dirtyBits * pages),
      /** `vcpu->mode == IN_GUEST_MODE`, where VM entry and exit are one step each */
      inGuestMode: actorSet(vcpus, 'set'),
      /** `vcpu->mode`, where they are several */
      vcpuMode: Array.from({ length: vcpus }, () =>
        counter(handshake * vcpuModes.EXITING_GUEST_MODE, handshake * vcpuModes.IN_GUEST_MODE),
      ),
      /** `KVM_REQ_TLB_FLUSH` in `vcpu->requests` */
      tlbFlushRequest: actorSet(vcpus),
      /** `KVM_REQ_UPDATE_CPU_DIRTY_LOGGING` in `vcpu->requests`, where vCPUs log */
      dirtyLoggingRequest: actorSet(pmlEntries > 0 ? vcpus : 0),
    }),
    ram: shared({
      /**
       * the page, a word each, changed since its last copy to the destination; before the first copy that is every page, and a page that the log
       * reports is one that changed, whether or not it did: the destination gets it again
       */
      stale: bitmap(pages, { bitsPerWord: 1, initial: 'set' }),
    }),
    mmu: owned({
      /** pages that hold page tables of the guest: `slot->arch.gfn_track`; under `mmu_lock` */
      tracked: bitmap(shadowMmu * pages),
      /** `possible_writable_spte_bitmap` of all pages of leaf sptes, and of the root page; under `mmu_lock` */
      possibleWritable: bitmap(hasRoot(size) * pages, { initial: 'set' }),
      possibleWritableRoot: bitmap(hasRoot(size) * tableCount({ pages, ...size })),
    }),
    cpu: owned({
      /** pages that the TLB of each vCPU lets it write */
      tlb: Array.from({ length: vcpus }, () => bitmap(pages)),
      /** a walk of the processor that has loaded an entry of the root, which is writable, and not the spte yet */
      walk: Array.from({ length: vcpus }, () => bitmap(hasRoot(size) * tableCount({ pages, ...size }))),
      /** the page-modification log of each vCPU: pages in it, in no order */
      pml: Array.from({ length: vcpus }, () => bitmap(pmlEntries > 0 ? pages : 0)),
      /** the vCPUs that log: `SECONDARY_EXEC_ENABLE_PML` in their VMCS */
      pmlOn: actorSet(pmlEntries > 0 ? vcpus : 0, atFirst(loggingOn)),
      /** `memslots` as each vCPU and then each host writer has dereferenced it, by the number of the actor */
      memslots: Array.from({ length: vcpus + hostWriters }, () => index(4)),
    }),
    ioctl: owned({
      /** pages whose D bit the harvest has cleared, and whose bit in the bitmap it has not set yet */
      harvested: bitmap(dirtyBits * pages, { cold }),
      /** what GET_DIRTY_LOG took out of the bitmap, before `copy_to_user`; under `slots_lock` */
      snapshot: bitmap(pages, { bitsPerWord, cold }),
    }),
    ramList: shared({
      /** `ram_list.dirty_memory[DIRTY_MEMORY_MIGRATION]`, where others than migration set bits; else the log goes to `bmap` at once */
      dirtyMemory: bitmap(othersSetBits({ devices, collectors }) ? pages : 0, { bitsPerWord, cold }),
    }),
    qemu: owned({
      /** the bitmap that the ioctl copies to */
      userBitmap: bitmap(pages, { bitsPerWord, cold }),
      /** the one that it copies to for the display refresh */
      refreshBitmap: bitmap((collectors - 1) * pages, { bitsPerWord, cold }),
      /** `RAMBlock.bmap`: pages to send; all of them at first */
      bmap: bitmap(pages, { bitsPerWord, initial: 'set', cold }),
      /** `migration_dirty_pages`: how many bits of `bmap` are set, where somebody beside migration clears some; under `bitmap_mutex` */
      dirtyPages: counter(freePageHints * pages, freePageHints * pages),
      /** `free_page_hint_status` of the balloon; under `free_page_lock` */
      hintStatus: counter(freePageHints * hintStatuses.START),
      /** `RAMBlock.clear_bmap`: chunks that need CLEAR_DIRTY_LOG before their pages are read */
      clearBmap: bitmap(chunkCount({ pages, bitsPerWord, ...size })),
    }),
    ghost: ghost({
      /** for each dirty bitmap: what one would hold whose every operation were atomic */
      marked: [bitmap(pages, { bitsPerWord, initial: atFirst(initiallySet) }), bitmap(pages, { bitsPerWord, cold })],
      /** what the running GET_DIRTY_LOG still has to find: written and marked before its call, and not reported before */
      due: bitmap(pages, { bitsPerWord, cold }),
      /** with two threads that call GET_DIRTY_LOG: pages whose bits each was the last to take, in a call that it has not merged yet */
      taken: [0, 1].map(() => bitmap((collectors - 1) * pages, { bitsPerWord, cold })),
      /** written by KVM for each vCPU and not marked yet, or marked and not counted yet; then by each host writer, and each device */
      unmarked: Array.from({ length: vcpus + hostWriters + devices }, () => bitmap(pages, { cold })),
      /** tables whose sptes were all made read-only since their entry in the root was, in this generation */
      tableProtected: bitmap(hasRoot(size) * tableCount({ pages, ...size })),
    }),
  }),
  messages,
  actors: {
    vcpu: ({ vcpus }: Size) => vcpus,
    /** these two come right after the vCPUs, as their numbers tell who has written what in `ghost.unmarked` */
    hostWriter: ({ hostWriters }: Size) => hostWriters,
    device: ({ devices }: Size) => devices,
    mmuLock: 'one',
    srcu: 'one',
    getDirtyLog: 'one',
    migration: 'one',
    destination: 'one',
    setMemoryRegion: 'one',
    slotsLock: 'one',
    display: { some: secondCollector },
    displayGet: { some: secondCollector, machineOf: 'getDirtyLog' },
    bql: { some: secondCollector },
    shadowMmu: { some: ({ shadowMmu }: Size) => shadowMmu },
    balloon: { some: ({ freePageHints }: Size) => freePageHints },
    bitmapMutex: { some: ({ freePageHints }: Size) => freePageHints },
    freePageLock: { some: ({ freePageHints }: Size) => freePageHints },
  },
  symmetry: {
    role: 'vcpu',
    kindOf: ({ emulatingVcpus }, nth) => (nth < emulatingVcpus ? 1 : 0),
    perProcess: [
      'kvm.inGuestMode',
      'kvm.vcpuMode',
      'kvm.tlbFlushRequest',
      'kvm.mmuReloadRequest',
      'kvm.dirtyLoggingRequest',
      'cpu.tlb',
      'cpu.walk',
      'cpu.pml',
      'cpu.pmlOn',
      'cpu.memslots',
      'ghost.unmarked',
    ],
    processSets: [
      'migration.running',
      'getDirtyLog.toRequest',
      'getDirtyLog.cpus',
      'setMemoryRegion.toRequest',
      'setMemoryRegion.cpus',
      'displayGet0.toRequest',
      'displayGet0.cpus',
      'shadowMmu0.toRequest',
      'shadowMmu0.cpus',
      'srcu.readers',
      'srcu.waitsFor',
      'mmuLock.readers',
      'mmuLock.waitingWriters',
    ],
    processIds: {
      'mmuLock.holder': (state) => state !== 'free',
      'mmuLock.writer': (state) => state !== 'free' && state !== 'read',
      'mmuLock.waiters': () => true,
      'srcu.updater': (state) => state !== 'idle',
      'getDirtyLog.vcpu': isBetweenRequestAndMode,
      'setMemoryRegion.vcpu': isBetweenRequestAndMode,
    },
    payloads: ['vcpu'],
  },
  tags: [
    'inGuest',
    'waitsForMmuLock',
    'waitsForGracePeriod',
    'waitsForSlotsLock',
    'holdsMmuLock',
    'sharesMmuLock',
    'usesMemslots',
    'inIoctl',
    'afterGracePeriod',
    'notLogging',
    'logReturned',
    'clearReturns',
    'stopping',
    'takesDirtyMemory',
    'loadsRoot',
    'protectsRoot',
    'tracksWrites',
    'resumed',
    'removesSlot',
    'stopsHints',
    'countsPages',
    'exitsForMmio',
  ],
});

/** The state, as properties of this system see it. */
export type KvmView = Parameters<Parameters<typeof kvm.properties.always>[1]>[0];

/** What `memslots` is before the log is switched on: a slot without a dirty bitmap. */
export const notLogging = 2;
/** What `memslots` is where no write to the slot gets through: it is read-only, invalid (KVM_MEMSLOT_INVALID), or not there. */
export const notWritable = 3;
const memslotsAt = (loggingOn: number) => index(4, loggingOn === 1 ? 0 : notLogging);

const atFirst = (set: number) => (set === 1 ? 'set' : 'clear');
