import type { PinnedCount } from './pinned-count.ts';

/** A design, its states, transitions and depth, and the covers that are unreachable at these params. */
type Row = readonly [design: string, states: number, transitions: number, depth: number, ...missed: string[]];

const countsAt = (params: PinnedCount['params'], rows: readonly Row[]): PinnedCount[] =>
  rows.map(([design, states, transitions, depth, ...missed]) => ({
    design,
    params,
    states,
    transitions,
    depth,
    missed,
  }));

const hostWriter = countsAt({ vcpus: 1, pages: 1, emulatingVcpus: 0, hostWriters: 1 }, [
  ['srcu-switch', 5720, 15145, 43],
  ['rmap-hybrid', 10189, 27391, 56, 'protects-by-walk'],
  ['rmap-xchg', 1636, 4451, 28],
  ['rmap-xchg-handshake', 9439, 28079, 43],
  ['rmap-xchg-fpf', 3514, 10425, 31],
  ['rmap-xchg-fpf-huge', 5016, 14939, 44],
  ['lock-break', 1820, 5055, 28, 'fault-in-a-break'],
  ['lock-break-late-flush', 2204, 6274, 28, 'fault-in-a-break'],
  ['pml', 5278, 19542, 29],
  ['manual-clear', 2556, 7268, 30],
  ['manual-clear-initially-set', 2556, 7268, 27],
  ['manual-clear-tdp', 3338, 9561, 33],
  ['manual-clear-eager-split', 6237, 17879, 35],
  ['lazy-protect', 8786, 26065, 48, 'stale-tlb-write'],
  ['ad-bits', 1515, 4142, 26],
  ['late-flush-two-collectors', 38636, 146239, 56, 'fault-in-a-break'],
  ['rmap-xchg-tracked', 7800, 24951, 29],
  ['rmap-xchg-late-flush', 1993, 5568, 28],
  ['slot-removal', 7091, 21533, 35],
]);

const device = countsAt({ vcpus: 1, pages: 1, emulatingVcpus: 0, devices: 1 }, [
  ['srcu-switch', 5136, 14133, 53],
  ['rmap-hybrid', 7554, 21127, 65, 'protects-by-walk'],
  ['rmap-xchg', 1792, 4806, 33],
  ['rmap-xchg-handshake', 8477, 25218, 45],
  ['rmap-xchg-fpf', 3265, 9481, 35],
  ['rmap-xchg-fpf-huge', 3816, 11113, 36],
  ['lock-break', 1975, 5386, 33, 'fault-in-a-break'],
  ['lock-break-late-flush', 2505, 7012, 33, 'fault-in-a-break'],
  ['pml', 2728, 10157, 30],
  ['manual-clear', 2852, 8019, 34],
  ['manual-clear-initially-set', 2852, 8019, 32],
  ['manual-clear-tdp', 2852, 8019, 34],
  ['manual-clear-eager-split', 4527, 12657, 36],
  ['lazy-protect', 2762, 7973, 36, 'stale-tlb-write', 'root-found-current'],
  ['ad-bits', 745, 1927, 32, 'marked-during-ioctl'],
  ['late-flush-two-collectors', 18423, 70229, 47, 'fault-in-a-break'],
  ['rmap-xchg-tracked', 10359, 33025, 36],
  ['rmap-xchg-late-flush', 2295, 6334, 33],
  ['slot-removal', 8992, 28377, 44],
]);

const deviceOverTwoWords = countsAt({ vcpus: 1, pages: 2, emulatingVcpus: 0, devices: 1, bitsPerWord: 1 }, [
  ['rmap-xchg', 125320, 426953, 52],
]);

/** Designs with another writer besides the vCPU. */
export const writerCounts: readonly PinnedCount[] = [...hostWriter, ...device, ...deviceOverTwoWords];
