import { DirtyBitmap, enableManualProtect } from '../vm/dirty-bitmap.ts';
import { DirtyRings, enableDirtyRing } from '../vm/dirty-ring.ts';
import type { VirtualMachine } from '../vm/virtual-machine.ts';

/** Copies the content of a dirty page, as QEMU does when it sends the page. */
type CopyPage = (page: number) => void;

/** Reads the log once, and copies every page that it reports. */
type CollectRound = (copy: CopyPage) => void;

/** Options of a collector in a run. */
export interface CollectorOptions {
  /** pages per KVM_CLEAR_DIRTY_LOG, a multiple of 64 */
  readonly chunkPages: number;
  readonly ringEntries: number;
}

/** A user space that reads the dirty log of the kernel: which calls it makes, in which order. */
export interface Collector {
  readonly id: string;
  readonly title: string;
  /** capability of the host that it needs */
  readonly requires?: 'manualProtect' | 'initiallySet' | 'dirtyRing';
  /** the bug of a mutant */
  readonly bug?: string;
  /** Enables capabilities, before the virtual machine has memory and vCPUs. */
  configure?(vm: VirtualMachine, options: CollectorOptions): void;
  /** Starts the collector, after the log was switched on. */
  start(vm: VirtualMachine, options: CollectorOptions): CollectRound;
}

type Access<Log> = (log: Log, copy: CopyPage, options: CollectorOptions) => void;

/** Creates the part of a collector that reads the dirty bitmap. */
const bitmapCollector = (collect: Access<DirtyBitmap>): Pick<Collector, 'start'> => ({
  start: (vm, options) => {
    const bitmap = new DirtyBitmap(vm);
    return (copy) => collect(bitmap, copy, options);
  },
});

/** Creates the part of a collector that reads the bitmap of a slot that is cleared by KVM_CLEAR_DIRTY_LOG. */
const clearCollector = (collect: Access<DirtyBitmap>, initiallySet = false) => ({
  requires: initiallySet ? ('initiallySet' as const) : ('manualProtect' as const),
  configure: (vm: VirtualMachine) => enableManualProtect(vm, initiallySet),
  ...bitmapCollector(collect),
});

/** Creates the part of a collector that reads the dirty rings. */
const ringCollector = (collect: Access<DirtyRings>): Pick<Collector, 'requires' | 'configure' | 'start'> => ({
  requires: 'dirtyRing',
  configure: (vm, { ringEntries }) => enableDirtyRing(vm, ringEntries),
  start: (vm, options) => {
    const rings = new DirtyRings(vm, options.ringEntries);
    return (copy) => collect(rings, copy, options);
  },
});

/** Clears each chunk before it is copied: api.rst 4.117, and Linux 5.0 (2a31b9db1535). */
const clearThenCopy: Access<DirtyBitmap> = (bitmap, copy, { chunkPages }) => {
  bitmap.get();
  bitmap.clearAll(chunkPages, (first, pages) => bitmap.visit(copy, first, pages));
};

/** The correct collectors. */
export const collectors: readonly Collector[] = [
  {
    id: 'get',
    title: 'GET_DIRTY_LOG clears and protects the whole slot',
    ...bitmapCollector((bitmap, copy) => {
      bitmap.get();
      bitmap.visit(copy);
    }),
  },
  {
    id: 'clear',
    title: 'GET_DIRTY_LOG, then CLEAR_DIRTY_LOG of each chunk before it is copied',
    ...clearCollector(clearThenCopy),
  },
  {
    id: 'clear-initially-set',
    title: 'as clear, but at the start all pages are dirty and none is protected',
    ...clearCollector(clearThenCopy, true),
  },
  {
    id: 'ring',
    title: 'the dirty ring of each vCPU is harvested and reset before its pages are copied',
    // api.rst 8.29
    ...ringCollector((rings, copy) => {
      const pages: number[] = [];
      // A signal interrupts RESET, which then returns the number of entries reset so far.
      for (let left = rings.harvest((page) => void pages.push(page)); left > 0; left -= rings.reset());
      for (const page of pages) copy(page);
    }),
  },
];

/** Collectors with a known bug, each of which the stress test has to catch. */
export const mutantCollectors: readonly Collector[] = [
  {
    id: 'clear/copy-before-clear',
    title: 'CLEAR_DIRTY_LOG of each chunk after it was copied',
    bug: 'a write between the copy and CLEAR sets a bit that CLEAR clears',
    ...clearCollector((bitmap, copy, { chunkPages }) => {
      bitmap.get();
      bitmap.visit(copy);
      bitmap.clearAll(chunkPages);
    }),
  },
  {
    id: 'clear/clears-unread',
    title: 'CLEAR_DIRTY_LOG of all bits, whether GET_DIRTY_LOG reported them or not',
    bug: 'a bit that is set between GET and CLEAR is cleared unread (QEMU 4054adbdd2f6)',
    ...clearCollector((bitmap, copy, { chunkPages }) => {
      bitmap.get();
      const pages: number[] = [];
      bitmap.visit((page) => void pages.push(page));
      bitmap.words.fill(0xffffffff);
      bitmap.clearAll(chunkPages);
      for (const page of pages) copy(page);
    }),
  },
  {
    id: 'clear/never-protects',
    title: 'GET_DIRTY_LOG alone: a page is copied when its bit was not set before',
    bug: 'no page is protected again, so its second write sets no bit that was clear',
    requires: 'manualProtect',
    configure: (vm) => enableManualProtect(vm, false),
    start: (vm) => {
      const bitmap = new DirtyBitmap(vm);
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
    title: 'the dirty ring of each vCPU is reset after its pages were copied',
    bug: 'a write between the copy and RESET causes no fault, and gets no entry',
    ...ringCollector((rings, copy) => {
      for (let left = rings.harvest(copy); left > 0; left -= rings.reset());
    }),
  },
];
