import { DirtyBitmap, enableManualProtect } from '../vm/dirty-bitmap.ts';
import { DirtyRings, enableDirtyRing } from '../vm/dirty-ring.ts';
import type { Machine } from '../vm/machine.ts';

/** Reads the content of a page that is dirty: what QEMU does when it sends it. */
type Copy = (page: number) => void;

/** Takes the log once, and copies every page that it gives. */
type Round = (copy: Copy) => void;

/** What a collector may choose in a run. */
interface CollectorOptions {
  /** pages a call of KVM_CLEAR_DIRTY_LOG, a multiple of 64 */
  readonly chunkPages: number;
  readonly ringEntries: number;
}

/** A way to take the dirty log of the real kernel: what user space does, in its order. */
export interface Collector {
  readonly id: string;
  readonly title: string;
  /** what the host has to offer */
  readonly needs?: 'manualProtect' | 'initiallySet' | 'dirtyRing';
  /** what is wrong, in one that is broken on purpose */
  readonly wrong?: string;
  /** before the machine has memory and vCPUs */
  prepare?(machine: Machine, options: CollectorOptions): void;
  /** after the log was switched on */
  start(machine: Machine, options: CollectorOptions): Round;
}

const withManualProtect = (initiallySet: boolean) => (machine: Machine) => enableManualProtect(machine, initiallySet);

const withRing = (machine: Machine, { ringEntries }: CollectorOptions) => enableDirtyRing(machine, ringEntries);

/** Before the content is read: api.rst 4.117, and Linux 5.0 (2a31b9db1535). */
const clearThenCopy: Collector['start'] = (machine, { chunkPages }) => {
  const bitmap = new DirtyBitmap(machine);
  return (copy) => {
    bitmap.get();
    bitmap.clearAll(chunkPages, (first, pages) => bitmap.visit(copy, first, pages));
  };
};

/** Harvests, resets until the kernel has taken everything back, and then copies: api.rst 8.29. */
const resetThenCopy: Collector['start'] = (machine, { ringEntries }) => {
  const rings = new DirtyRings(machine, ringEntries);
  return (copy) => {
    const pages: number[] = [];
    // A signal ends RESET early; it says how far it came.
    for (let left = rings.harvest((page) => void pages.push(page)); left > 0; left -= rings.reset());
    for (const page of pages) copy(page);
  };
};

/** The ways that are right. */
export const collectors: readonly Collector[] = [
  {
    id: 'get',
    title: 'GET_DIRTY_LOG clears and protects the whole slot',
    start: (machine) => {
      const bitmap = new DirtyBitmap(machine);
      return (copy) => {
        bitmap.get();
        bitmap.visit(copy);
      };
    },
  },
  {
    id: 'clear',
    title: 'GET_DIRTY_LOG, and CLEAR_DIRTY_LOG of each chunk before it is copied',
    needs: 'manualProtect',
    prepare: withManualProtect(false),
    start: clearThenCopy,
  },
  {
    id: 'clear-initially-set',
    title: 'the same, where all pages are dirty at the start and nothing is protected',
    needs: 'initiallySet',
    prepare: withManualProtect(true),
    start: clearThenCopy,
  },
  {
    id: 'ring',
    title: 'the dirty ring of each vCPU, harvested and reset',
    needs: 'dirtyRing',
    prepare: withRing,
    start: resetThenCopy,
  },
];

/** User spaces that are broken on purpose: stress has to catch each of them. */
export const brokenCollectors: readonly Collector[] = [
  {
    id: 'clear/copy-before-clear',
    title: 'CLEAR_DIRTY_LOG of each chunk after it was copied',
    wrong: 'a write between the copy and CLEAR is marked, and the mark is cleared',
    needs: 'manualProtect',
    prepare: withManualProtect(false),
    start: (machine, { chunkPages }) => {
      const bitmap = new DirtyBitmap(machine);
      return (copy) => {
        bitmap.get();
        bitmap.visit(copy);
        bitmap.clearAll(chunkPages);
      };
    },
  },
  {
    id: 'clear/clears-unread',
    title: 'CLEAR_DIRTY_LOG of all bits, whether GET_DIRTY_LOG gave them or not',
    wrong: 'a page that is marked between GET and CLEAR is cleared and was never seen (QEMU 4054adbdd2f6)',
    needs: 'manualProtect',
    prepare: withManualProtect(false),
    start: (machine, { chunkPages }) => {
      const bitmap = new DirtyBitmap(machine);
      return (copy) => {
        bitmap.get();
        const pages: number[] = [];
        bitmap.visit((page) => void pages.push(page));
        bitmap.words.fill(0xffffffff);
        bitmap.clearAll(chunkPages);
        for (const page of pages) copy(page);
      };
    },
  },
  {
    id: 'clear/never-protects',
    title: 'GET_DIRTY_LOG alone: a bit is news when it was not set before',
    wrong: 'nothing is ever protected again, so the second write to a page is not news',
    needs: 'manualProtect',
    prepare: withManualProtect(false),
    start: (machine) => {
      const bitmap = new DirtyBitmap(machine);
      let before = new Uint32Array(bitmap.words.length);
      return (copy) => {
        bitmap.get();
        const now = bitmap.words.slice();
        for (let n = 0; n < now.length; n++) bitmap.words[n] = (now[n] ?? 0) & ~(before[n] ?? 0);
        before = now;
        bitmap.visit(copy);
      };
    },
  },
  {
    id: 'ring/copy-before-reset',
    title: 'the dirty ring, reset after the pages were copied',
    wrong: 'a write between the copy and RESET needs no fault, and gets no entry',
    needs: 'dirtyRing',
    prepare: withRing,
    start: (machine, { ringEntries }) => {
      const rings = new DirtyRings(machine, ringEntries);
      return (copy) => {
        for (let left = rings.harvest(copy); left > 0; left -= rings.reset());
      };
    },
  },
];
