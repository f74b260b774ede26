import { actorSet, bitmap, counter, index } from '../src/model/cells.ts';
import { asCall, asStore, posted, rendezvous } from '../src/model/messages.ts';
import { defineSystem, ghost, owned, shared } from '../src/model/system.ts';

/** `vcpu->mode` (include/linux/kvm_host.h). */
export const vcpuModes = { OUTSIDE_GUEST_MODE: 0, IN_GUEST_MODE: 1, EXITING_GUEST_MODE: 2 } as const;

/** `free_page_hint_status` of the balloon (include/hw/virtio/virtio-balloon.h). */
export const hintStatuses = { STOP: 0, REQUESTED: 1, START: 2 } as const;

/** Sizes of a run. */
interface Size {
  readonly vcpus: number;
  readonly pages: number;
  readonly bitsPerWord: number;
  readonly shadowPages: number;
  readonly dirtyBits: number;
  readonly pmlEntries: number;
  readonly initiallySet: number;
  readonly pagesPerTable: number;
  readonly hugePages: number;
  readonly loggingOn: number;
  readonly emulatingVcpus: number;
  readonly tlbEvicts: number;
  readonly wordsPerClear: number;
  readonly handshake: number;
  readonly collectors: number;
  readonly shadowMmu: number;
  readonly hostWriters: number;
  readonly devices: number;
  readonly freePageHints: number;
  readonly preemption: number;
}

/** 1 TiB of pages of 4 KiB. What can be explored is far less: the explorer says so. */
const maxPages = 2 ** 28;

const secondCollector = ({ collectors }: Size): number => collectors - 1;

/**
 * The memory, messages and actors that all designs of dirty logging share.
 *
 * Contents of a page are one bit: whether it changed since its last copy to the destination. So there is no bound on writes or rounds.
 */
export const kvm = defineSystem({
  name: 'kvm-dirty-logging',
  params: {
    vcpus: { default: 2, min: 1, max: 64, description: 'how many vCPUs write' },
    pages: { default: 2, min: 1, max: maxPages, description: 'how many pages of guest memory there are' },
    bitsPerWord: { default: 32, min: 1, max: 64, description: 'how many bits of the dirty bitmap one xchg takes' },
    shadowPages: {
      default: 0,
      min: 0,
      max: maxPages,
      description:
        'n_used_mmu_pages, in designs that count dirty pages: from there on the walk takes the place of rmap',
      special: true,
    },
    dirtyBits: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: sptes have D bits that the log is made from',
      special: true,
    },
    pmlEntries: {
      default: 0,
      min: 0,
      max: 512,
      description: 'how many pages a page-modification log holds',
      special: true,
    },
    initiallySet: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: logging starts with all bits set and nothing protected (KVM_DIRTY_LOG_INITIALLY_SET)',
      special: true,
    },
    pagesPerTable: {
      default: 0,
      min: 0,
      max: 512,
      description: 'how many pages one page of leaf sptes maps, in designs that look above the leaf',
      special: true,
    },
    hugePages: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: at first the pages of each table are mapped by one huge spte',
      special: true,
    },
    loggingOn: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: the run begins with the log on and the pages protected, not with switching it on',
      special: true,
    },
    emulatingVcpus: {
      default: 1,
      min: 0,
      max: 64,
      description: 'how many of the vCPUs run instructions that KVM emulates',
    },
    wordsPerClear: {
      default: 1,
      min: 1,
      max: maxPages,
      description: 'how many words one CLEAR_DIRTY_LOG takes: a chunk of clear_bmap, 1 GiB in QEMU',
      special: true,
    },
    tlbEvicts: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: a TLB may drop an entry by itself, as one of bounded size does',
      special: true,
    },
    preemption: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: a vCPU that runs the guest may lose its processor to another thread',
      special: true,
    },
    handshake: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: VM entry and exit, and what a flusher does with each vCPU, are taken step by step',
      special: true,
    },
    collectors: {
      default: 1,
      min: 1,
      max: 2,
      description: 'how many threads of QEMU call GET_DIRTY_LOG: the second one for a display refresh',
      special: true,
    },
    shadowMmu: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: the guest has page tables of its own, which KVM shadows, in designs beside a shadow MMU',
      special: true,
    },
    hostWriters: {
      default: 0,
      min: 0,
      max: 4,
      description: 'how many threads of KVM write guest memory outside of a vCPU (kvm_write_guest_page)',
      special: true,
    },
    devices: {
      default: 0,
      min: 0,
      max: 4,
      description: 'how many devices of QEMU write guest memory, and set bits in its own dirty bitmap',
      special: true,
    },
    freePageHints: {
      default: 0,
      min: 0,
      max: 1,
      description: '1: the guest tells which of its pages are free, in designs where QEMU listens',
      special: true,
    },
  },
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
      dirtyBitmap: [bitmap(pages, { bitsPerWord, initial: atFirst(initiallySet) }), bitmap(pages, { bitsPerWord })],
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
      mmuReloadRequest: bitmap(hasRoot(size) * vcpus),
      /** the D bit of the leaf spte of each page, in designs that use it */
      spteDirty: bitmap(dirtyBits * pages),
      /** `vcpu->mode == IN_GUEST_MODE`, where VM entry and exit are one step each */
      inGuestMode: bitmap(vcpus, { initial: 'set' }),
      /** `vcpu->mode`, where they are several */
      vcpuMode: Array.from({ length: vcpus }, () =>
        counter(handshake * vcpuModes.EXITING_GUEST_MODE, handshake * vcpuModes.IN_GUEST_MODE),
      ),
      /** `KVM_REQ_TLB_FLUSH` in `vcpu->requests` */
      tlbFlushRequest: bitmap(vcpus),
      /** `KVM_REQ_UPDATE_CPU_DIRTY_LOGGING` in `vcpu->requests`, where vCPUs log */
      dirtyLoggingRequest: bitmap(pmlEntries > 0 ? vcpus : 0),
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
      pmlOn: bitmap(pmlEntries > 0 ? vcpus : 0, { initial: atFirst(loggingOn) }),
      /** `memslots` as each vCPU and then each host writer has dereferenced it, by the number of the actor */
      memslots: Array.from({ length: vcpus + hostWriters }, () => index(4)),
    }),
    ioctl: owned({
      /** pages whose D bit the harvest has cleared, and whose bit in the bitmap it has not set yet */
      harvested: bitmap(dirtyBits * pages),
      /** what GET_DIRTY_LOG took out of the bitmap, before `copy_to_user`; under `slots_lock` */
      snapshot: bitmap(pages, { bitsPerWord }),
    }),
    ramList: shared({
      /** `ram_list.dirty_memory[DIRTY_MEMORY_MIGRATION]`, where others than migration set bits; else the log goes to `bmap` at once */
      dirtyMemory: bitmap(othersSetBits({ devices, collectors }) ? pages : 0, { bitsPerWord }),
    }),
    qemu: owned({
      /** the bitmap that the ioctl copies to */
      userBitmap: bitmap(pages, { bitsPerWord }),
      /** the one that it copies to for the display refresh */
      refreshBitmap: bitmap((collectors - 1) * pages, { bitsPerWord }),
      /** `RAMBlock.bmap`: pages to send; all of them at first */
      bmap: bitmap(pages, { bitsPerWord, initial: 'set' }),
      /** `migration_dirty_pages`: how many bits of `bmap` are set, where somebody beside migration clears some; under `bitmap_mutex` */
      dirtyPages: counter(freePageHints * pages, freePageHints * pages),
      /** `free_page_hint_status` of the balloon; under `free_page_lock` */
      hintStatus: counter(freePageHints * hintStatuses.START),
      /** `RAMBlock.clear_bmap`: chunks that need CLEAR_DIRTY_LOG before their pages are read */
      clearBmap: bitmap(chunkCount({ pages, bitsPerWord, ...size })),
    }),
    ghost: ghost({
      /** for each dirty bitmap: what one would hold whose every operation were atomic */
      marked: [bitmap(pages, { bitsPerWord, initial: atFirst(initiallySet) }), bitmap(pages, { bitsPerWord })],
      /** what the running GET_DIRTY_LOG still has to find: written and marked before its call, and not reported before */
      due: bitmap(pages, { bitsPerWord }),
      /** with two threads that call GET_DIRTY_LOG: pages whose bits each was the last to take, in a call that it has not merged yet */
      taken: [0, 1].map(() => bitmap((collectors - 1) * pages, { bitsPerWord })),
      /** written by KVM for each vCPU and not marked yet, or marked and not counted yet; then by each host writer, and each device */
      unmarked: Array.from({ length: vcpus + hostWriters + devices }, () => bitmap(pages)),
      /** tables whose sptes were all made read-only since their entry in the root was, in this generation */
      tableProtected: bitmap(hasRoot(size) * tableCount({ pages, ...size })),
    }),
  }),
  messages: {
    /** `spin_lock(&kvm->mmu_lock)` */
    LOCK: rendezvous(),
    LOCK_GRANTED: rendezvous(),
    UNLOCK: asStore(rendezvous()),
    /** `read_lock(&kvm->mmu_lock)`, where it is a reader-writer lock */
    LOCK_SHARED: rendezvous(),
    UNLOCK_SHARED: rendezvous(),
    /** `mutex_lock(&kvm->slots_lock)` */
    LOCK_SLOTS: rendezvous(),
    SLOTS_LOCKED: rendezvous(),
    UNLOCK_SLOTS: asStore(rendezvous()),
    /** a counter of this CPU: no barrier, as `synchronize_srcu` waits for a context switch of each (Linux 2.6.37, kernel/srcu.c) */
    SRCU_READ_LOCK: asCall(rendezvous()),
    SRCU_READ_UNLOCK: asStore(rendezvous()),
    /** `synchronize_srcu_expedited(&kvm->srcu)` */
    SYNCHRONIZE_SRCU: rendezvous(),
    GRACE_PERIOD_OVER: rendezvous(),
    /** `ioctl(vm_fd, KVM_SET_USER_MEMORY_REGION)` with `KVM_MEM_LOG_DIRTY_PAGES`, and its return */
    SET_USER_MEMORY_REGION: asCall(rendezvous()),
    MEMORY_REGION_SET: asCall(rendezvous()),
    /** the same with `KVM_MEM_READONLY` for a slot that is there, and with a size of 0, which deletes it */
    SET_READONLY: asCall(rendezvous()),
    DELETE_SLOT: asCall(rendezvous()),
    /** `ioctl(vm_fd, KVM_GET_DIRTY_LOG)`, and its return */
    GET_DIRTY_LOG: asCall(rendezvous()),
    DIRTY_LOG: asCall(rendezvous()),
    /** `ioctl(vm_fd, KVM_CLEAR_DIRTY_LOG)` for one chunk, from this word of the bitmap on, and its return */
    CLEAR_DIRTY_LOG: asCall(rendezvous('word')),
    CLEARED: asCall(rendezvous()),
    /** `smp_call_function_many(cpus, ack_flush)`, which queues with a cmpxchg, and the wait for `csd_unlock`, a store */
    IPI: posted(),
    IPI_ACK: asStore(posted()),
    /** `kvm_vcpu_kick`: nobody waits for it */
    KICK: posted(),
    /** QEMU's `pause_all_vcpus`: the kick, and `cpu->stopped` */
    PAUSE: posted(),
    PAUSED: posted(),
    /** QEMU's `vm_state_notify` and `bdrv_drain_all`: a device finishes what it is at, and stops; and so does KVM on its behalf */
    VM_STOP: posted(),
    STOPPED: rendezvous(),
    /** QEMU's `bql_lock` */
    LOCK_BQL: rendezvous(),
    BQL_LOCKED: rendezvous(),
    UNLOCK_BQL: asStore(rendezvous()),
    /** `bitmap_mutex` of QEMU's migration, and `free_page_lock` of its balloon */
    LOCK_BITMAP: rendezvous(),
    BITMAP_LOCKED: rendezvous(),
    UNLOCK_BITMAP: asStore(rendezvous()),
    LOCK_FREE_PAGES: rendezvous(),
    FREE_PAGES_LOCKED: rendezvous(),
    UNLOCK_FREE_PAGES: asStore(rendezvous()),
    /** one page on the wire */
    PAGE: rendezvous('gfn'),
    RESUME: rendezvous(),
  },
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
    byNth: [
      'kvm.inGuestMode',
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
    byActor: [
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
    numbers: {
      'mmuLock.holder': ['free'],
      'mmuLock.writer': ['free', 'read'],
      'mmuLock.waiters': [],
      'srcu.updater': ['idle'],
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

/** What `memslots` is before the log is switched on: a slot without a dirty bitmap. */
export const notLogging = 2;
/** What `memslots` is where no write to the slot gets through: it is read-only, invalid (KVM_MEMSLOT_INVALID), or not there. */
export const notWritable = 3;
const memslotsAt = (loggingOn: number) => index(4, loggingOn === 1 ? 0 : notLogging);

const atFirst = (set: number) => (set === 1 ? 'set' : 'clear');

/** How many pages of leaf sptes there are, in designs that look above them. */
const tableCount = ({ pages, pagesPerTable }: Pick<Size, 'pages' | 'pagesPerTable'>): number =>
  pagesPerTable > 0 ? Math.ceil(pages / pagesPerTable) : 0;

/** The table that maps a page, and the first page that the same table maps. */
export const tableOf = (gfn: number, { pagesPerTable }: Pick<Size, 'pagesPerTable'>): number =>
  Math.floor(gfn / pagesPerTable);
export const firstPageOf = (gfn: number, { pagesPerTable }: Pick<Size, 'pagesPerTable'>): number =>
  gfn - (gfn % pagesPerTable);

/** All pages that the table of a page maps. */
export const neighboursOf = (gfn: number, params: Pick<Size, 'pages' | 'pagesPerTable'>): number[] => {
  const first = firstPageOf(gfn, params);
  return Array.from({ length: Math.min(params.pagesPerTable, params.pages - first) }, (_, n) => first + n);
};

/** 1 in designs that write-protect the root page, else 0. */
const hasRoot = ({ pagesPerTable, hugePages }: Pick<Size, 'pagesPerTable' | 'hugePages'>): number =>
  pagesPerTable > 0 ? 1 - hugePages : 0;

type Actors = Pick<Size, 'vcpus' | 'collectors' | 'shadowMmu' | 'hostWriters' | 'devices' | 'freePageHints'>;

/** How many actors there are: what a set or queue of actors has to hold. */
export const actorCount = (size: Actors): number =>
  writerCount(size) + 7 + 3 * (size.collectors - 1) + size.shadowMmu + 3 * size.freePageHints;

/** How many of them write guest memory: vCPUs, host writers and devices, which have the first numbers. */
export const writerCount = (size: Pick<Size, 'vcpus' | 'hostWriters' | 'devices'>): number =>
  size.vcpus + size.hostWriters + size.devices;

/** How many of them take `mmu_lock` or `slots_lock`. */
export const lockerCount = ({ vcpus, collectors, shadowMmu }: Actors): number => vcpus + 1 + collectors + shadowMmu;

/** Whether others than the migration thread set bits in `ram_list.dirty_memory`: devices, or a display refresh. */
export const othersSetBits = ({ devices, collectors }: Pick<Size, 'devices' | 'collectors'>): boolean =>
  devices > 0 || collectors > 1;

/** How many words a dirty bitmap has. */
export const wordCount = ({ pages, bitsPerWord }: Pick<Size, 'pages' | 'bitsPerWord'>): number =>
  Math.ceil(pages / bitsPerWord);

/** How many chunks CLEAR_DIRTY_LOG takes the bitmap in. */
export const chunkCount = (size: Pick<Size, 'pages' | 'bitsPerWord' | 'wordsPerClear'>): number =>
  Math.ceil(wordCount(size) / size.wordsPerClear);

/** Cells whose values are numbers of actors, vCPUs or words. */
export const actorsOf = (size: Actors) => actorSet(actorCount(size));
export const vcpusOf = ({ vcpus }: Pick<Size, 'vcpus'>) => actorSet(vcpus);
export const wordIndex = (size: Pick<Size, 'pages' | 'bitsPerWord'>) => counter(wordCount(size));
