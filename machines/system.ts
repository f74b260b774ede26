import { actorSet, bit, bitmap, counter, index } from '../src/model/declare.ts';
import { defineSystem, ghost, owned, type System, shared, type TypesOf } from '../src/model/system.ts';
import { messages } from './messages.ts';
import { chunkCount, hasRoot, type KvmParams, kvmParams, othersSetBits, tableCount } from './params.ts';

/** `vcpu->mode` (include/linux/kvm_host.h). */
export const vcpuModes = { OUTSIDE_GUEST_MODE: 0, IN_GUEST_MODE: 1, EXITING_GUEST_MODE: 2 } as const;

/** Returns true if a flush that visits vCPUs step by step has picked one. */
const isBetweenRequestAndMode = (state: string): boolean => /\bflushTlbs\.(setRequest|readMode)$/.test(state);

/** Marks bitmaps that most writes of the guest do not access. Affects the speed of a simulation only. */
const cold = true;

const system = defineSystem({
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
    dirtyMemory,
    shadowMmu,
    hostWriters,
    devices,
    ...params
  }: KvmParams) => ({
    kvm: shared({
      /** `memslot->dirty_bitmap`: the current one, and the one that a design with a switch replaces it with */
      dirtyBitmap: [
        bitmap(pages, { bitsPerWord, initial: atFirst(initiallySet) }),
        bitmap(pages, { bitsPerWord, cold }),
      ],
      /** `kvm->memslots`: the dirty bitmap of the current memslots, `notLogging`, or `notWritable` */
      memslots: index(4, loggingOn === 1 ? 0 : notLogging),
      /** `memslot->nr_dirty_pages` of each of them, in designs that count */
      nrDirtyPages: [counter(shadowPages > 0 ? 2 * pages : 0), counter(shadowPages > 0 ? 2 * pages : 0)],
      /** `PT_WRITABLE_MASK` of the leaf spte of each page, a word each; clear if the page is not mapped */
      spteWritable: bitmap(pages, { bitsPerWord: 1, initial: atFirst(loggingOn * initiallySet || hasRoot(params)) }),
      /** `SPTE_MMU_WRITEABLE` of the leaf spte of each page, where a shadow MMU write-protects pages too */
      spteMmuWritable: bitmap(shadowMmu * pages, { bitsPerWord: 1, initial: 'set' }),
      /** the page that the spte of an indirect shadow page maps, or none; the W bit of the spte is that of the page */
      indirectGfn: index(shadowMmu * (pages + 1)),
      /** `PT_WRITABLE_MASK` of the entries of the root page, a word each; all vCPUs share it */
      rootWritable: bitmap(hasRoot(params) * tableCount({ pages, ...params }), { bitsPerWord: 1 }),
      /**
       * true if the generation of the root page is not that of the VM: the numbers only grow and are compared, so one
       * bit is enough
       */
      rootIsStale: bitmap(hasRoot(params)),
      /**
       * tables whose pages one huge spte maps: its W bit is represented by the W bits of all its pages, which change
       * together
       */
      hugeSptes: bitmap(params.hugePages * tableCount({ pages, ...params }), { initial: 'set' }),
      /** `KVM_REQ_MMU_RELOAD` in `vcpu->requests` */
      mmuReloadRequest: actorSet(hasRoot(params) * vcpus),
      /** the D bit of the leaf spte of each page, in designs that use it */
      spteDirty: bitmap(dirtyBits * pages),
      /** `vcpu->mode == IN_GUEST_MODE`, where VM entry and exit are one step each */
      inGuestMode: actorSet(vcpus, 'set'),
      /** `vcpu->mode`, where VM entry and exit are several steps */
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
       * pages, a word each, that changed since their last copy to the destination: initially all. A page that the log
       * reports counts as changed, since the destination gets it again.
       */
      stale: bitmap(pages, { bitsPerWord: 1, initial: 'set' }),
    }),
    mmu: owned({
      /** pages that hold page tables of the guest: `slot->arch.gfn_track`; under `mmu_lock` */
      tracked: bitmap(shadowMmu * pages),
      /** `possible_writable_spte_bitmap` of all pages of leaf sptes; under `mmu_lock` */
      possibleWritable: bitmap(hasRoot(params) * pages, { initial: 'set' }),
      /** `possible_writable_spte_bitmap` of the root page; under `mmu_lock` */
      possibleWritableRoot: bitmap(hasRoot(params) * tableCount({ pages, ...params })),
    }),
    cpu: owned({
      /** pages that the TLB of each vCPU lets it write */
      tlb: Array.from({ length: vcpus }, () => bitmap(pages)),
      /** tables whose writable root entry a walk of the processor has loaded, before it loads the spte */
      walk: Array.from({ length: vcpus }, () => bitmap(hasRoot(params) * tableCount({ pages, ...params }))),
      /** the page-modification log of each vCPU, as a set of pages */
      pml: Array.from({ length: vcpus }, () => bitmap(pmlEntries > 0 ? pages : 0)),
      /** whether each vCPU logs: `SECONDARY_EXEC_ENABLE_PML` in its VMCS */
      pmlOn: Array.from({ length: pmlEntries > 0 ? vcpus : 0 }, () => bit(loggingOn > 0)),
      /** `memslots` as each vCPU and then each host writer has dereferenced it, by the number of the actor */
      memslots: Array.from({ length: vcpus + hostWriters }, () => index(4)),
    }),
    ioctl: owned({
      /** pages whose D bit the harvest has cleared, before it sets their bit in the bitmap */
      harvested: bitmap(dirtyBits * pages, { cold }),
      /** the bits that GET_DIRTY_LOG took out of the bitmap, before `copy_to_user`; under `slots_lock` */
      snapshot: bitmap(pages, { bitsPerWord, cold }),
    }),
    ramList: shared({
      /**
       * `ram_list.dirty_memory[DIRTY_MEMORY_MIGRATION]`, where devices or other threads set bits; else the log goes to
       * `bmap` at once
       */
      dirtyMemory: bitmap(othersSetBits({ devices, dirtyMemory }) ? pages : 0, { bitsPerWord, cold }),
    }),
    qemu: owned({
      /** the bitmap that GET_DIRTY_LOG copies to */
      userBitmap: bitmap(pages, { bitsPerWord, cold }),
      /** `RAMBlock.bmap`: pages to send, initially all */
      bmap: bitmap(pages, { bitsPerWord, initial: 'set', cold }),
      /** `RAMBlock.clear_bmap`: chunks that need CLEAR_DIRTY_LOG before their pages are read */
      clearBmap: bitmap(chunkCount({ pages, bitsPerWord, ...params })),
    }),
    ghost: ghost({
      /** for each dirty bitmap: its contents if every operation were atomic */
      marked: [bitmap(pages, { bitsPerWord, initial: atFirst(initiallySet) }), bitmap(pages, { bitsPerWord, cold })],
      /**
       * pages that the running GET_DIRTY_LOG has yet to find: written and marked before its call, and not reported
       * before
       */
      due: bitmap(pages, { bitsPerWord, cold }),
      /**
       * by writer (vCPUs, host writers, devices): pages that it has written, or made writable, and not marked yet, or
       * marked and not counted yet
       */
      unmarked: Array.from({ length: vcpus + hostWriters + devices }, () => bitmap(pages, { cold })),
      /** vCPUs that have left the guest to write a page, until they have marked it, or found that they need not */
      faulting: actorSet(vcpus),
      /** tables whose sptes were all made read-only since their entry in the root was, in this generation */
      tableProtected: bitmap(hasRoot(params) * tableCount({ pages, ...params })),
    }),
  }),
  messages,
  actors: {
    vcpu: ({ vcpus }: KvmParams) => vcpus,
    /** these two follow the vCPUs, since `ghost.unmarked` is indexed by actor id */
    hostWriter: ({ hostWriters }: KvmParams) => hostWriters,
    device: ({ devices }: KvmParams) => devices,
    mmuLock: 'one',
    srcu: 'one',
    getDirtyLog: 'one',
    migration: 'one',
    destination: 'one',
    setMemoryRegion: 'one',
    slotsLock: 'one',
    shadowMmu: { some: ({ shadowMmu }: KvmParams) => shadowMmu },
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
      'ghost.faulting',
    ],
    processSets: [
      'migration.running',
      'getDirtyLog.toRequest',
      'getDirtyLog.cpus',
      'setMemoryRegion.toRequest',
      'setMemoryRegion.cpus',
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
    'exitsForMmio',
  ],
});

/**
 * The types of `kvm`. Declarations of its designs and machines refer to them by this name.
 * @example
 * const design: Design<Kvm> = defineDesign({ ...rmapXchg, id: 'mine' });
 */
export interface Kvm extends TypesOf<typeof system> {}

/**
 * The memory, messages and actors that all designs of dirty logging share.
 *
 * The contents of a page are one bit: whether it changed since its last copy to the destination. So writes and rounds
 * are unbounded.
 */
export const kvm: System<Kvm> = system;

/** The state, as properties of this system see it. */
export type KvmView = Parameters<Parameters<typeof kvm.properties.always>[1]>[0];

/** The value of `memslots` before the log is switched on: a slot without a dirty bitmap. */
export const notLogging = 2;
/** The value of `memslots` of a slot that takes no writes: read-only, invalid (KVM_MEMSLOT_INVALID), or deleted. */
export const notWritable = 3;

const atFirst = (set: number) => (set === 1 ? 'set' : 'clear');
