import { actorSet, counter } from '../src/model/declare.ts';

/** Parameters of a run. */
export interface KvmParams {
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
  readonly dirtyMemory: number;
  readonly shadowMmu: number;
  readonly hostWriters: number;
  readonly devices: number;
  readonly preemption: number;
}

/** 1 TiB of pages of 4 KiB, for the simulator. A search is refused far below it. */
const maxPages = 2 ** 28;

/** The parameters of every design. A `special` one matters to designs that set it. */
export const kvmParams = {
  vcpus: { default: 2, min: 1, max: 64, description: 'number of vCPUs' },
  pages: { default: 2, min: 1, max: maxPages, description: 'number of pages of guest memory' },
  bitsPerWord: {
    default: 32,
    min: 1,
    max: 64,
    description: 'bits of the dirty bitmap in one word, which one xchg takes',
  },
  shadowPages: {
    default: 0,
    min: 0,
    max: maxPages,
    description:
      'n_used_mmu_pages, in designs that count dirty pages: with that many dirty pages or more, a walk replaces rmap',
    special: true,
  },
  dirtyBits: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: the log is collected from D bits of sptes',
    special: true,
  },
  pmlEntries: {
    default: 0,
    min: 0,
    max: 512,
    description: 'entries of a page-modification log',
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
    description: 'pages that one table of leaf sptes maps, in designs with two levels of page tables',
    special: true,
  },
  hugePages: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: initially one huge spte maps the pages of each table',
    special: true,
  },
  loggingOn: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: the run begins with the log on and the pages protected, instead of with switching it on',
    special: true,
  },
  emulatingVcpus: {
    default: 1,
    min: 0,
    max: 64,
    description: 'number of vCPUs that run instructions that KVM emulates',
  },
  wordsPerClear: {
    default: 1,
    min: 1,
    max: maxPages,
    description: 'words of the bitmap that one CLEAR_DIRTY_LOG takes: a chunk of clear_bmap, 1 GiB in QEMU',
    special: true,
  },
  tlbEvicts: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: a TLB may evict an entry at any time',
    special: true,
  },
  preemption: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: the scheduler may preempt a vCPU in the guest',
    special: true,
  },
  handshake: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: VM entry, VM exit and the request of a flush to each vCPU take one step for each access',
    special: true,
  },
  dirtyMemory: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: logs reach RAMBlock.bmap through ram_list.dirty_memory, as where other threads set bits in it',
    special: true,
  },
  shadowMmu: {
    default: 0,
    min: 0,
    max: 1,
    description: '1: KVM shadows page tables of the guest, in designs with a shadow MMU',
    special: true,
  },
  hostWriters: {
    default: 0,
    min: 0,
    max: 4,
    description: 'number of KVM threads that write guest memory outside of a vCPU (kvm_write_guest_page)',
    special: true,
  },
  devices: {
    default: 0,
    min: 0,
    max: 4,
    description: 'number of QEMU devices that write guest memory, and set bits in its own dirty bitmap',
    special: true,
  },
} as const;

/** Returns the number of tables of leaf sptes, in designs with two levels of page tables. */
export const tableCount = ({ pages, pagesPerTable }: Pick<KvmParams, 'pages' | 'pagesPerTable'>): number =>
  pagesPerTable > 0 ? Math.ceil(pages / pagesPerTable) : 0;

/** Returns the table that maps a page, or the first page that the same table maps. */
export const tableOf = (gfn: number, { pagesPerTable }: Pick<KvmParams, 'pagesPerTable'>): number =>
  Math.floor(gfn / pagesPerTable);
export const firstPageOf = (gfn: number, { pagesPerTable }: Pick<KvmParams, 'pagesPerTable'>): number =>
  gfn - (gfn % pagesPerTable);

/** Returns all pages that the table of a page maps. */
export const neighboursOf = (gfn: number, params: Pick<KvmParams, 'pages' | 'pagesPerTable'>): number[] => {
  const first = firstPageOf(gfn, params);
  return Array.from({ length: Math.min(params.pagesPerTable, params.pages - first) }, (_, n) => first + n);
};

/** Returns 1 in designs that write-protect the root page, else 0. */
export const hasRoot = ({ pagesPerTable, hugePages }: Pick<KvmParams, 'pagesPerTable' | 'hugePages'>): number =>
  pagesPerTable > 0 ? 1 - hugePages : 0;

/** Returns the actors that write guest memory: vCPUs, host writers and devices, which have the first ids. */
export const writersOf = ({
  vcpu,
  hostWriter,
  device,
}: Readonly<Record<'vcpu' | 'hostWriter' | 'device', readonly number[]>>): number[] => [
  ...vcpu,
  ...hostWriter,
  ...device,
];

/** Returns true if devices or other threads set bits in `ram_list.dirty_memory` too. */
export const othersSetBits = ({ devices, dirtyMemory }: Pick<KvmParams, 'devices' | 'dirtyMemory'>): boolean =>
  devices > 0 || dirtyMemory === 1;

/** Returns the number of words of a dirty bitmap. */
export const wordCount = ({ pages, bitsPerWord }: Pick<KvmParams, 'pages' | 'bitsPerWord'>): number =>
  Math.ceil(pages / bitsPerWord);

/** Returns the number of chunks of `clear_bmap`. */
export const chunkCount = (params: Pick<KvmParams, 'pages' | 'bitsPerWord' | 'wordsPerClear'>): number =>
  Math.ceil(wordCount(params) / params.wordsPerClear);

/** Declare cells that hold sets of vCPUs, or an index of a word. */
export const vcpusOf = ({ vcpus }: Pick<KvmParams, 'vcpus'>) => actorSet(vcpus);
export const wordIndex = (params: Pick<KvmParams, 'pages' | 'bitsPerWord'>) => counter(wordCount(params));
