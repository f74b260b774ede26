import type { Count } from './counts.ts';

/** A design, its states, transitions and depth, and the covers that cannot be hit at this size. */
type Row = readonly [design: string, states: number, transitions: number, depth: number, ...missed: string[]];

const countsAt = (sizes: Count['sizes'], rows: readonly Row[]): Count[] =>
  rows.map(([design, states, transitions, depth, ...missed]) => ({
    design,
    sizes,
    states,
    transitions,
    depth,
    missed,
  }));

const hostWriter = countsAt({ vcpus: 1, pages: 1, emulatingVcpus: 0, hostWriters: 1 }, [
  ['srcu-switch', 6520, 17335, 49],
  ['rmap-hybrid', 11275, 30389, 63, 'protects-by-walk'],
  ['rmap-xchg', 2283, 6258, 29],
  ['rmap-xchg-handshake', 13409, 39946, 50],
  ['rmap-xchg-fpf', 5175, 15452, 43],
  ['rmap-xchg-fpf-huge', 7180, 21503, 56],
  ['lock-break', 2511, 7002, 29, 'fault-in-a-break'],
  ['lock-break-late-flush', 3100, 8879, 31, 'fault-in-a-break'],
  ['pml', 7818, 29144, 40],
  ['manual-clear', 3636, 10389, 30],
  ['manual-clear-initially-set', 3636, 10389, 27],
  ['manual-clear-tdp', 4921, 14170, 33],
  ['manual-clear-eager-split', 9322, 26883, 46],
  ['lazy-protect', 12894, 38436, 51, 'stale-tlb-write'],
  ['ad-bits', 2034, 5587, 30],
  ['late-flush-two-collectors', 24387, 92261, 44, 'fault-in-a-break'],
  ['rmap-xchg-tracked', 10801, 34780, 35],
  ['rmap-xchg-late-flush', 2838, 8007, 31],
  ['slot-removal', 9877, 30616, 41],
]);

const device = countsAt({ vcpus: 1, pages: 1, emulatingVcpus: 0, devices: 1 }, [
  ['srcu-switch', 5290, 14595, 46],
  ['rmap-hybrid', 7748, 21709, 58, 'protects-by-walk'],
  ['rmap-xchg', 1942, 5235, 26],
  ['rmap-xchg-handshake', 9252, 27504, 48],
  ['rmap-xchg-fpf', 3468, 10089, 32],
  ['rmap-xchg-fpf-huge', 4029, 11751, 33],
  ['lock-break', 2130, 5831, 26, 'fault-in-a-break'],
  ['lock-break-late-flush', 2742, 7700, 30, 'fault-in-a-break'],
  ['pml', 3006, 11256, 26],
  ['manual-clear', 3260, 9210, 33],
  ['manual-clear-initially-set', 3260, 9210, 29],
  ['manual-clear-tdp', 3260, 9210, 33],
  ['manual-clear-eager-split', 5144, 14454, 33],
  ['lazy-protect', 2947, 8528, 35, 'stale-tlb-write', 'root-found-current'],
  ['ad-bits', 792, 2068, 24, 'marked-during-ioctl'],
  ['late-flush-two-collectors', 29622, 112174, 48, 'fault-in-a-break'],
  ['rmap-xchg-tracked', 11218, 35858, 32],
  ['rmap-xchg-late-flush', 2519, 6978, 30],
  ['slot-removal', 10021, 31783, 56],
]);

const deviceOverTwoWords = countsAt({ vcpus: 1, pages: 2, emulatingVcpus: 0, devices: 1, bitsPerWord: 1 }, [
  ['rmap-xchg', 145174, 497780, 47],
]);

/** Designs with somebody who writes beside their one vCPU. */
export const writerCounts: readonly Count[] = [...hostWriter, ...device, ...deviceOverTwoWords];
