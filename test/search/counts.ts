import type { MemoryModel } from '../../src/model/store-buffer.ts';
import { writerCounts } from './writer-counts.ts';

/**
 * What a complete search of a design at some size has to find. Counted as TLC counts: the initial state is depth 1, and
 * generated.
 */
export interface Count {
  readonly design: string;
  /** a run begins with the log on, unless told */
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /**
   * covers that cannot be hit at this size: one page is one word, with no break before it, and never many; one vCPU
   * never keeps in its TLB what another one protects, and finds no root that another one has loaded
   */
  readonly missed?: readonly string[];
}

/**
 * The pinned numbers. They change when a machine changes: the test that fails tells the new ones, and whoever puts them
 * here knows why.
 */
export const counts: readonly Count[] = [
  { design: 'rmap-xchg', params: { vcpus: 1, pages: 1 }, states: 1_090, transitions: 2_210, depth: 25 },
  { design: 'rmap-xchg', params: { vcpus: 1, pages: 2 }, states: 31_895, transitions: 70_491, depth: 37 },
  {
    design: 'rmap-xchg',
    params: { vcpus: 1, pages: 2, bitsPerWord: 1 },
    states: 34_902,
    transitions: 76_703,
    depth: 41,
  },
  { design: 'rmap-xchg', params: { vcpus: 2, pages: 1 }, states: 11_605, transitions: 32_858, depth: 33 },
  { design: 'rmap-xchg-late-flush', params: { vcpus: 1, pages: 1 }, states: 380, transitions: 695, depth: 26 },
  { design: 'rmap-xchg-late-flush', params: { vcpus: 1, pages: 2 }, states: 8_891, transitions: 19_054, depth: 40 },
  { design: 'rmap-xchg-late-flush', params: { vcpus: 2, pages: 1 }, states: 6_494, transitions: 19_085, depth: 32 },
  { design: 'rmap-xchg-handshake', params: { vcpus: 1, pages: 1 }, states: 1_331, transitions: 2_637, depth: 39 },
  {
    design: 'rmap-xchg-handshake',
    params: { vcpus: 1, pages: 1 },
    memoryModel: 'tso',
    states: 4_950,
    transitions: 14_583,
    depth: 44,
  },
  { design: 'srcu-switch', params: { vcpus: 1, pages: 1 }, states: 3_678, transitions: 7_225, depth: 44 },
  { design: 'srcu-switch', params: { vcpus: 1, pages: 2 }, states: 146_594, transitions: 310_161, depth: 55 },
  {
    design: 'srcu-switch',
    params: { vcpus: 1, pages: 2, bitsPerWord: 1 },
    states: 150_810,
    transitions: 319_369,
    depth: 55,
  },
  { design: 'srcu-switch', params: { vcpus: 2, pages: 1 }, states: 46_592, transitions: 128_367, depth: 59 },
  {
    design: 'rmap-hybrid',
    params: { vcpus: 1, pages: 1 },
    states: 1_172,
    transitions: 2_152,
    depth: 53,
    missed: ['protects-by-walk'],
  },
  { design: 'rmap-hybrid', params: { vcpus: 1, pages: 2 }, states: 37_042, transitions: 76_784, depth: 73 },
  {
    design: 'rmap-hybrid',
    params: { vcpus: 2, pages: 1 },
    states: 20_020,
    transitions: 50_437,
    depth: 69,
    missed: ['protects-by-walk'],
  },
  { design: 'rmap-xchg-fpf', params: { vcpus: 1, pages: 1 }, states: 502, transitions: 973, depth: 28 },
  { design: 'rmap-xchg-fpf', params: { vcpus: 1, pages: 2 }, states: 13_722, transitions: 29_918, depth: 45 },
  { design: 'rmap-xchg-fpf', params: { vcpus: 2, pages: 1 }, states: 20_531, transitions: 64_594, depth: 36 },
  {
    design: 'lock-break',
    params: { vcpus: 1, pages: 1 },
    states: 1_218,
    transitions: 2_559,
    depth: 25,
    missed: ['fault-in-a-break'],
  },
  { design: 'lock-break', params: { vcpus: 1, pages: 2 }, states: 57_282, transitions: 128_948, depth: 37 },
  {
    design: 'lock-break',
    params: { vcpus: 2, pages: 1 },
    states: 12_478,
    transitions: 35_592,
    depth: 33,
    missed: ['fault-in-a-break'],
  },
  {
    design: 'lock-break-late-flush',
    params: { vcpus: 1, pages: 1 },
    states: 1_476,
    transitions: 3_134,
    depth: 26,
    missed: ['fault-in-a-break'],
  },
  { design: 'lock-break-late-flush', params: { vcpus: 1, pages: 2 }, states: 66_974, transitions: 153_720, depth: 37 },
  {
    design: 'lock-break-late-flush',
    params: { vcpus: 2, pages: 1 },
    states: 19_395,
    transitions: 61_094,
    depth: 35,
    missed: ['fault-in-a-break'],
  },
  { design: 'pml', params: { vcpus: 1, pages: 1 }, states: 486, transitions: 1_348, depth: 18 },
  { design: 'pml', params: { vcpus: 1, pages: 2 }, states: 19_164, transitions: 59_919, depth: 52 },
  { design: 'pml', params: { vcpus: 2, pages: 1 }, states: 27_668, transitions: 133_049, depth: 43 },
  { design: 'manual-clear', params: { vcpus: 1, pages: 1 }, states: 1_483, transitions: 3_140, depth: 27 },
  { design: 'manual-clear', params: { vcpus: 1, pages: 2 }, states: 96_702, transitions: 222_548, depth: 42 },
  { design: 'manual-clear', params: { vcpus: 2, pages: 1 }, states: 17_515, transitions: 52_393, depth: 36 },
  { design: 'manual-clear-initially-set', params: { vcpus: 1, pages: 1 }, states: 465, transitions: 889, depth: 23 },
  {
    design: 'manual-clear-initially-set',
    params: { vcpus: 1, pages: 2 },
    states: 15_324,
    transitions: 33_588,
    depth: 41,
  },
  {
    design: 'manual-clear-initially-set',
    params: { vcpus: 2, pages: 1 },
    states: 6_607,
    transitions: 18_328,
    depth: 41,
  },
  { design: 'manual-clear-tdp', params: { vcpus: 1, pages: 1 }, states: 465, transitions: 889, depth: 27 },
  { design: 'manual-clear-tdp', params: { vcpus: 1, pages: 2 }, states: 15_324, transitions: 33_588, depth: 38 },
  { design: 'manual-clear-tdp', params: { vcpus: 2, pages: 1 }, states: 6_639, transitions: 18_912, depth: 34 },
  {
    design: 'lazy-protect',
    params: { vcpus: 1, pages: 1 },
    states: 421,
    transitions: 809,
    depth: 30,
    missed: ['stale-tlb-write', 'root-found-current'],
  },
  { design: 'lazy-protect', params: { vcpus: 2, pages: 1 }, states: 51_865, transitions: 143_910, depth: 71 },
  {
    design: 'lazy-protect',
    params: { vcpus: 1, pages: 2, pagesPerTable: 2 },
    states: 54_801,
    transitions: 119_172,
    depth: 104,
    missed: ['stale-tlb-write'],
  },
  { design: 'rmap-xchg-fpf-huge', params: { vcpus: 1, pages: 2 }, states: 14_734, transitions: 31_984, depth: 46 },
  {
    design: 'manual-clear-eager-split',
    params: { vcpus: 1, pages: 2 },
    states: 30_135,
    transitions: 64_505,
    depth: 59,
  },
  {
    design: 'manual-clear-eager-split',
    params: { vcpus: 2, pages: 1 },
    states: 10_083,
    transitions: 28_674,
    depth: 48,
  },
  { design: 'ad-bits', params: { vcpus: 1, pages: 1 }, states: 1_404, transitions: 2_959, depth: 26 },
  { design: 'ad-bits', params: { vcpus: 1, pages: 2 }, states: 65_409, transitions: 155_889, depth: 32 },
  { design: 'ad-bits', params: { vcpus: 2, pages: 1 }, states: 10_450, transitions: 32_558, depth: 31 },
  { design: 'srcu-switch', params: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 3_829, transitions: 7_520, depth: 43 },
  { design: 'rmap-hybrid', params: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 1_948, transitions: 3_508, depth: 57 },
  { design: 'rmap-xchg', params: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 1_520, transitions: 3_066, depth: 27 },
  {
    design: 'rmap-xchg-fpf',
    params: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 1_083,
    transitions: 2_141,
    depth: 33,
  },
  {
    design: 'lock-break',
    params: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 1_884,
    transitions: 3_963,
    depth: 27,
    missed: ['fault-in-a-break'],
  },
  {
    design: 'lock-break-late-flush',
    params: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 2_096,
    transitions: 4_440,
    depth: 26,
    missed: ['fault-in-a-break'],
  },
  { design: 'pml', params: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 1_442, transitions: 3_887, depth: 27 },
  {
    design: 'manual-clear',
    params: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 2_114,
    transitions: 4_472,
    depth: 27,
  },
  {
    design: 'manual-clear-initially-set',
    params: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 578,
    transitions: 1_106,
    depth: 26,
  },
  {
    design: 'manual-clear-tdp',
    params: { vcpus: 1, pages: 1, loggingOn: 0 },
    states: 819,
    transitions: 1_590,
    depth: 27,
  },
  { design: 'ad-bits', params: { vcpus: 1, pages: 1, loggingOn: 0 }, states: 1_915, transitions: 4_030, depth: 26 },
  { design: 'unlocked-flush', params: { vcpus: 1, pages: 1 }, states: 41_085, transitions: 125_554, depth: 57 },
  {
    design: 'late-flush-two-collectors',
    params: { vcpus: 1, pages: 1, emulatingVcpus: 1 },
    states: 26_680,
    transitions: 80_516,
    depth: 55,
    missed: ['fault-in-a-break'],
  },
  { design: 'rmap-xchg-tracked', params: { vcpus: 1, pages: 1 }, states: 1_715, transitions: 3_795, depth: 27 },
  {
    design: 'late-flush-tracked',
    params: { vcpus: 1, pages: 1 },
    states: 3_118,
    transitions: 7_310,
    depth: 29,
    missed: ['fault-in-a-break'],
  },
  { design: 'rmap-xchg-fpf-tracked', params: { vcpus: 1, pages: 1 }, states: 2_933, transitions: 7_334, depth: 30 },
  { design: 'rmap-xchg-indirect', params: { vcpus: 1, pages: 1 }, states: 2_299, transitions: 5_310, depth: 33 },
  { design: 'slot-removal', params: { vcpus: 1, pages: 1 }, states: 1_500, transitions: 3_219, depth: 41 },
  {
    design: 'slot-removal',
    params: { vcpus: 1, pages: 1, emulatingVcpus: 1, loggingOn: 0 },
    states: 3_769,
    transitions: 8_437,
    depth: 40,
  },
  { design: 'slot-removal-pml', params: { vcpus: 1, pages: 1 }, states: 3_862, transitions: 10_766, depth: 40 },
  { design: 'free-page-hints', params: { vcpus: 1, pages: 1 }, states: 4_029, transitions: 12_040, depth: 44 },
  ...writerCounts,
];
