import type { MemoryModel } from '../../src/model/store-buffer.ts';

/** What a complete search of a design at some size has to find. Counted as TLC counts: the initial state is depth 1, and generated. */
export interface Count {
  readonly design: string;
  /** a run begins with the log on, unless told */
  readonly sizes: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /**
   * covers that cannot be hit at this size: one page is one word, with no break before it, and never many; one vCPU never keeps in its TLB
   * what another one protects, and finds no root that another one has loaded
   */
  readonly missed?: readonly string[];
}

/** The pinned numbers. They change when a machine changes: the test that fails tells the new ones, and whoever puts them here knows why. */
export const counts: readonly Count[] = [
  { design: 'rmap-xchg', sizes: { vcpus: 1, pages: 1 }, states: 1_498, transitions: 3_052, depth: 29 },
  { design: 'rmap-xchg', sizes: { vcpus: 1, pages: 2 }, states: 61_831, transitions: 138_006, depth: 45 },
  {
    design: 'rmap-xchg',
    sizes: { vcpus: 1, pages: 2, bitsPerWord: 1 },
    states: 66_773,
    transitions: 148_034,
    depth: 49,
  },
  { design: 'rmap-xchg', sizes: { vcpus: 2, pages: 1 }, states: 16_831, transitions: 47_946, depth: 34 },
  { design: 'rmap-xchg', sizes: { vcpus: 2, pages: 2 }, states: 1_702_632, transitions: 5_278_107, depth: 56 },
  { design: 'rmap-xchg-handshake', sizes: { vcpus: 1, pages: 1 }, states: 2_043, transitions: 4_072, depth: 54 },
  {
    design: 'rmap-xchg-handshake',
    sizes: { vcpus: 1, pages: 1 },
    memoryModel: 'tso',
    states: 7_581,
    transitions: 22_410,
    depth: 57,
  },
  { design: 'srcu-switch', sizes: { vcpus: 1, pages: 1 }, states: 4_588, transitions: 9_069, depth: 53 },
  { design: 'srcu-switch', sizes: { vcpus: 1, pages: 2 }, states: 240_954, transitions: 515_033, depth: 68 },
  {
    design: 'srcu-switch',
    sizes: { vcpus: 1, pages: 2, bitsPerWord: 1 },
    states: 247_650,
    transitions: 529_631,
    depth: 69,
  },
  { design: 'srcu-switch', sizes: { vcpus: 2, pages: 1 }, states: 57_010, transitions: 157_579, depth: 66 },
  {
    design: 'rmap-hybrid',
    sizes: { vcpus: 1, pages: 1 },
    states: 1648,
    transitions: 3046,
    depth: 64,
    missed: ['protects-by-walk'],
  },
  { design: 'rmap-hybrid', sizes: { vcpus: 1, pages: 2 }, states: 73162, transitions: 152278, depth: 81 },
  {
    design: 'rmap-hybrid',
    sizes: { vcpus: 2, pages: 1 },
    states: 28440,
    transitions: 71771,
    depth: 80,
    missed: ['protects-by-walk'],
  },
  { design: 'rmap-xchg-fpf', sizes: { vcpus: 1, pages: 1 }, states: 757, transitions: 1482, depth: 33 },
  { design: 'rmap-xchg-fpf', sizes: { vcpus: 1, pages: 2 }, states: 30167, transitions: 66405, depth: 52 },
  { design: 'rmap-xchg-fpf', sizes: { vcpus: 2, pages: 1 }, states: 30767, transitions: 97160, depth: 42 },
  {
    design: 'lock-break',
    sizes: { vcpus: 1, pages: 1 },
    states: 1511,
    transitions: 3214,
    depth: 29,
    missed: ['fault-in-a-break'],
  },
  { design: 'lock-break', sizes: { vcpus: 1, pages: 2 }, states: 104640, transitions: 242288, depth: 49 },
  {
    design: 'lock-break',
    sizes: { vcpus: 2, pages: 1 },
    states: 17147,
    transitions: 49344,
    depth: 34,
    missed: ['fault-in-a-break'],
  },
  {
    design: 'lock-break-late-flush',
    sizes: { vcpus: 1, pages: 1 },
    states: 1865,
    transitions: 4021,
    depth: 30,
    missed: ['fault-in-a-break'],
  },
  { design: 'lock-break-late-flush', sizes: { vcpus: 1, pages: 2 }, states: 121161, transitions: 283910, depth: 50 },
  {
    design: 'lock-break-late-flush',
    sizes: { vcpus: 2, pages: 1 },
    states: 28115,
    transitions: 90022,
    depth: 39,
    missed: ['fault-in-a-break'],
  },
  { design: 'pml', sizes: { vcpus: 1, pages: 1 }, states: 728, transitions: 2035, depth: 28 },
  { design: 'pml', sizes: { vcpus: 1, pages: 2 }, states: 42964, transitions: 135709, depth: 52 },
  { design: 'pml', sizes: { vcpus: 2, pages: 1 }, states: 42552, transitions: 206081, depth: 43 },
  { design: 'manual-clear', sizes: { vcpus: 1, pages: 1 }, states: 2158, transitions: 4599, depth: 28 },
  { design: 'manual-clear', sizes: { vcpus: 1, pages: 2 }, states: 200364, transitions: 465642, depth: 49 },
  { design: 'manual-clear', sizes: { vcpus: 2, pages: 1 }, states: 26187, transitions: 78998, depth: 36 },
  { design: 'manual-clear-initially-set', sizes: { vcpus: 1, pages: 1 }, states: 737, transitions: 1425, depth: 24 },
  { design: 'manual-clear-initially-set', sizes: { vcpus: 1, pages: 2 }, states: 35976, transitions: 79466, depth: 41 },
  { design: 'manual-clear-initially-set', sizes: { vcpus: 2, pages: 1 }, states: 10814, transitions: 30431, depth: 42 },
  { design: 'manual-clear-tdp', sizes: { vcpus: 1, pages: 1 }, states: 737, transitions: 1425, depth: 28 },
  { design: 'manual-clear-tdp', sizes: { vcpus: 1, pages: 2 }, states: 35976, transitions: 79466, depth: 45 },
  { design: 'manual-clear-tdp', sizes: { vcpus: 2, pages: 1 }, states: 10870, transitions: 31411, depth: 35 },
  {
    design: 'lazy-protect',
    sizes: { vcpus: 1, pages: 1 },
    states: 645,
    transitions: 1253,
    depth: 42,
    missed: ['stale-tlb-write', 'root-found-current'],
  },
  { design: 'lazy-protect', sizes: { vcpus: 2, pages: 1 }, states: 78619, transitions: 219017, depth: 71 },
  {
    design: 'lazy-protect',
    sizes: { vcpus: 1, pages: 2, pagesPerTable: 2 },
    states: 117318,
    transitions: 257198,
    depth: 107,
    missed: ['stale-tlb-write'],
  },
  { design: 'rmap-xchg-fpf-huge', sizes: { vcpus: 1, pages: 2 }, states: 32271, transitions: 70697, depth: 53 },
  { design: 'manual-clear-eager-split', sizes: { vcpus: 1, pages: 2 }, states: 74315, transitions: 160161, depth: 60 },
  { design: 'manual-clear-eager-split', sizes: { vcpus: 2, pages: 1 }, states: 16438, transitions: 47444, depth: 49 },
  { design: 'ad-bits', sizes: { vcpus: 1, pages: 1 }, states: 1862, transitions: 3943, depth: 26 },
  { design: 'ad-bits', sizes: { vcpus: 1, pages: 2 }, states: 115647, transitions: 277983, depth: 39 },
  { design: 'ad-bits', sizes: { vcpus: 2, pages: 1 }, states: 14754, transitions: 46528, depth: 35 },
  { design: 'srcu-switch', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 4739, transitions: 9364, depth: 57 },
  { design: 'rmap-hybrid', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 2664, transitions: 4814, depth: 71 },
  { design: 'rmap-xchg', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 2003, transitions: 4060, depth: 36 },
  { design: 'rmap-xchg-fpf', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 1563, transitions: 3116, depth: 42 },
  {
    design: 'lock-break',
    sizes: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 2227,
    transitions: 4720,
    depth: 36,
    missed: ['fault-in-a-break'],
  },
  {
    design: 'lock-break-late-flush',
    sizes: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 2556,
    transitions: 5471,
    depth: 37,
    missed: ['fault-in-a-break'],
  },
  { design: 'pml', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 2002, transitions: 5443, depth: 37 },
  { design: 'manual-clear', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 2921, transitions: 6210, depth: 31 },
  {
    design: 'manual-clear-initially-set',
    sizes: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 897,
    transitions: 1734,
    depth: 27,
  },
  {
    design: 'manual-clear-tdp',
    sizes: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 1219,
    transitions: 2383,
    depth: 33,
  },
  { design: 'ad-bits', sizes: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 2436, transitions: 5142, depth: 31 },
];
