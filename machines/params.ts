import { actorSet, counter } from '../src/model/declare.ts';

/** Sizes of a run. */
export interface Size {
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

/** The sizes that every design knows; those that are special are for designs that say so. */
export const kvmParams = {
  vcpus: { default: 2, min: 1, max: 64, description: 'how many vCPUs write' },
  pages: { default: 2, min: 1, max: maxPages, description: 'how many pages of guest memory there are' },
  bitsPerWord: { default: 32, min: 1, max: 64, description: 'how many bits of the dirty bitmap one xchg takes' },
  shadowPages: {
    default: 0,
    min: 0,
    max: maxPages,
    description: 'n_used_mmu_pages, in designs that count dirty pages: from there on the walk takes the place of rmap',
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
} as const;

/** How many pages of leaf sptes there are, in designs that look above them. */
export const tableCount = ({ pages, pagesPerTable }: Pick<Size, 'pages' | 'pagesPerTable'>): number =>
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
export const hasRoot = ({ pagesPerTable, hugePages }: Pick<Size, 'pagesPerTable' | 'hugePages'>): number =>
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
