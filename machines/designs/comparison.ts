import { PrecopyError } from '../../src/model/errors.ts';

/**
 * How a design compares with the others, in the talk's terms: written by hand, next to the results of checker and
 * simulator. In big-O notation: P pages of the slot, D of them dirty, W words of the bitmap, S shadow pages, C pages of
 * a chunk.
 */
export interface Comparison {
  /** its place in the talk, or after the talk */
  readonly talk: string;
  /** the longest hold of `mmu_lock`, in big-O notation */
  readonly hold: string;
  /** the work done during that hold */
  readonly heldFor: string;
  /** the threads that pay for the protection, and how */
  readonly pays: string;
  /** write faults per round of the log, of a page that the guest keeps writing */
  readonly faultsPerPage: string;
  /** the ordering rule that makes it correct */
  readonly rule: string;
  /** the file of its GET_DIRTY_LOG machine */
  readonly machine: string;
}

/** By id of the design. */
const comparisons: Readonly<Record<string, Comparison>> = {
  'srcu-switch': {
    talk: 'where it began: a bitmap switched under SRCU, a walk over all shadow pages',
    hold: 'O(S)',
    heldFor: 'the walk over all shadow pages, however few pages are dirty',
    pays: 'every vCPU that faults during the walk; GET waits for a grace period',
    faultsPerPage: '1',
    rule: 'Publish the memslots with the empty bitmap, wait for the grace period, and only then protect. A vCPU that still holds the old memslots marks in the old bitmap, which is copied out after the wait; a vCPU that faults after the protection finds the new one. If protection came first, a fault between the two would be logged in a bitmap that is about to be discarded (edde99ce0529).',
    machine: 'machines/get-dirty-log/srcu-switch.ts',
  },
  'rmap-hybrid': {
    talk: 'protect through rmap where few pages are dirty',
    hold: 'O(min(D, S))',
    heldFor: 'rmap of the dirty pages, or the walk, whichever has less to visit',
    pays: 'vCPUs that fault meanwhile, by the number of dirty pages; GET waits for a grace period',
    faultsPerPage: '1',
    rule: 'The order of srcu-switch, and the pages to protect are those of the old bitmap after the grace period. A page that is marked in the new bitmap meanwhile need not be protected now: the next GET has it. Everything, the flush too, stays under one hold of mmu_lock (6dbf79e7164e), because another thread may find W clear and rely on it.',
    machine: 'machines/get-dirty-log/rmap-hybrid.ts',
  },
  'rmap-xchg': {
    talk: 'no SRCU: each word of the bitmap is taken with xchg',
    hold: 'O(W + D)',
    heldFor: 'the whole bitmap, and rmap of the dirty pages',
    pays: 'vCPUs that fault meanwhile, by the number of dirty pages',
    faultsPerPage: '1',
    rule: 'Snapshot and clear a bit, then protect its page, then flush, then give the snapshot to user space. Between the snapshot and the flush the guest may write without a mark: the page is in the snapshot, and user space reads it only after the flush.',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'rmap-xchg-late-flush': {
    talk: 'after it: what GET does today',
    hold: 'O(W + D)',
    heldFor: 'the whole bitmap, and rmap of the dirty pages, but not the flush',
    pays: 'vCPUs that fault meanwhile, by the number of dirty pages',
    faultsPerPage: '1',
    rule: 'The order of rmap-xchg, and the flush may come after the unlock: user space reads no page before GET returns, and every thread that relies on this protection serialises on slots_lock (198c74f43f0f).',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'rmap-xchg-handshake': {
    talk: 'part of each design: how a flush meets a vCPU that enters the guest',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg',
    pays: 'as rmap-xchg',
    faultsPerPage: '1',
    rule: 'The flusher changes sptes, makes its request, and then reads vcpu->mode; the vCPU stores vcpu->mode, and then reads its requests, with a full barrier between. So one of the two sees the other: the vCPU flushes before it enters, or the flusher sends an IPI and waits.',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'rmap-xchg-fpf': {
    talk: 'after it: the vCPU handles its write fault without mmu_lock',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg, but faults do not take it',
    pays: 'the guest waits for no lock; GET as in rmap-xchg',
    faultsPerPage: '1',
    rule: 'Install the writable spte, then mark. If the mark came first, a GET in between would take the bit, find W clear already, and return; the cmpxchg would then make an unlogged page writable.',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'lock-break': {
    talk: 'release mmu_lock periodically, with a flush at each break',
    hold: 'O(1)',
    heldFor: 'the words between two breaks, and a flush',
    pays: 'GET, with a flush a break; vCPUs take an IPI each time',
    faultsPerPage: '1',
    rule: 'Flush before every unlock: the next holder of mmu_lock may find W clear and rely on it.',
    machine: 'machines/get-dirty-log/lock-break.ts',
  },
  'lock-break-late-flush': {
    talk: 'release mmu_lock periodically, with one flush after the last unlock',
    hold: 'O(1)',
    heldFor: 'the words between two breaks',
    pays: 'GET, which others may overtake at each break',
    faultsPerPage: '1',
    rule: 'The flush may come after the unlock only because every thread that relies on this protection serialises on slots_lock, and because a clear W bit alone does not count as protection: MMU-writable decides (198c74f43f0f).',
    machine: 'machines/get-dirty-log/lock-break.ts',
  },
  pml: {
    talk: 'after it: page-modification logging',
    hold: 'O(W + D)',
    heldFor: 'the whole bitmap, and the D bits of the dirty pages',
    pays: 'the vCPU at each VM exit, by what its log holds, with an exit for every 512 pages; no write faults',
    faultsPerPage: '0',
    rule: 'D clear in the spte, and in every TLB, means that the next write is logged. GET kicks the vCPUs and does not wait, so an entry may be reported one round late; the last GET runs when all vCPUs have left the guest and drained their logs.',
    machine: 'machines/get-dirty-log/dirty-bits.ts',
  },
  'manual-clear': {
    talk: 'after it: GET only reads, CLEAR protects chunk by chunk',
    hold: 'O(C)',
    heldFor: 'the chunk of a CLEAR; GET does not take it',
    pays: 'vCPUs that fault during a chunk; user space with a call a chunk',
    faultsPerPage: '1',
    rule: 'CLEAR before the content is read, and only bits that were read by GET and merged. A page that was cleared and copied later is safe; one that was copied and cleared later loses the writes in between.',
    machine: 'machines/get-dirty-log/manual-clear.ts',
  },
  'manual-clear-initially-set': {
    talk: 'after it: nothing is protected when logging starts',
    hold: 'O(C)',
    heldFor: 'the chunk of a CLEAR; GET and enabling the log do not take it',
    pays: 'as manual-clear, and the first round pays nothing before its CLEAR',
    faultsPerPage: '1',
    rule: 'All bits are set before the first write that has to be logged, so an unprotected page is a dirty one until its first CLEAR.',
    machine: 'machines/get-dirty-log/manual-clear.ts',
  },
  'manual-clear-tdp': {
    talk: 'after it: mmu_lock is a reader-writer lock, faults share it',
    hold: 'O(C)',
    heldFor: 'for writing: the chunk of a CLEAR; faults share it for reading',
    pays: 'vCPUs that fault during a chunk; they do not wait for each other',
    faultsPerPage: '1',
    rule: 'A fault marks, then installs, in the opposite order of the fast page fault. That is safe only because CLEAR takes mmu_lock for writing, so none runs in between.',
    machine: 'machines/get-dirty-log/manual-clear.ts',
  },
  'ad-bits': {
    talk: 'no write protection: harvest the D bits',
    hold: 'O(P)',
    heldFor: 'a visit to every spte',
    pays: 'GET; the guest takes no faults for the log',
    faultsPerPage: '0',
    rule: 'Test and clear D in one atomic operation, mark the page, flush, and only then return: a TLB entry that has D cached writes without setting it.',
    machine: 'machines/get-dirty-log/dirty-bits.ts',
  },
  'rmap-xchg-fpf-huge': {
    talk: 'after it: the lockless fault path meets huge pages',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg; a fault on a huge page takes it to split the page',
    pays: 'the first write to a huge page, which splits it under mmu_lock; then as rmap-xchg-fpf',
    faultsPerPage: '1',
    rule: 'The lockless path never makes a huge spte writable while the log is on: it would mark one page, and the guest could write all of them (c126d94f2c90).',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'manual-clear-eager-split': {
    talk: 'after it: the first CLEAR splits huge pages, so that no fault has to',
    hold: 'O(C)',
    heldFor: 'for writing: the chunk of a CLEAR; it releases the lock to allocate page tables',
    pays: 'the first CLEAR of a range; vCPUs that fault during a chunk',
    faultsPerPage: '1',
    rule: 'Between the clear of a bit and the protection of its page the lock may be released for a split, and the page is clean and writable meanwhile: harmless, because user space reads no page of the chunk before CLEAR has returned, protected and flushed.',
    machine: 'machines/get-dirty-log/eager-split.ts',
  },
  'lazy-protect': {
    talk: 'write protection in O(1), from the top of the page tables',
    hold: 'not at all',
    heldFor: 'GET does not take it; a vCPU holds it to protect one table, O(512), or the root page',
    pays: 'the vCPU: each load of the root, and the first write fault below each table, protect a table',
    faultsPerPage: '1',
    rule: 'Protect the lower table first, and only then make the upper entry writable. So an entry is writable only if everything below it was protected in the current generation.',
    machine: 'machines/get-dirty-log/lazy-protect.ts',
  },
  'late-flush-two-collectors': {
    talk: 'the late flush meets a second thread that takes the log',
    hold: 'O(1)',
    heldFor: 'the words between two breaks',
    pays: 'the second GET, which waits for slots_lock until the first has flushed',
    faultsPerPage: '1',
    rule: 'Flush before slots_lock is released, and give the snapshot to user space before that: the next GET finds sptes without W only where TLBs are flushed, and the snapshot buffer of the slot free. In user space, merge under the lock under which the last log is taken.',
    machine: 'machines/get-dirty-log/lock-break.ts',
  },
  'unlocked-flush': {
    talk: 'after it: a flush that comes after both locks, as for the dirty ring',
    hold: 'O(W + D)',
    heldFor: 'the whole bitmap, and rmap of the dirty pages',
    pays: 'as rmap-xchg, but no GET waits for the flush of another',
    faultsPerPage: '1',
    rule: 'A GET that has taken a bit flushes before it returns, whatever the spte was: another GET may have cleared W and not flushed yet.',
    machine: 'machines/get-dirty-log/unlocked-flush.ts',
  },
  'rmap-xchg-tracked': {
    talk: 'the other user of write protection: the shadow MMU',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg, and its flush',
    pays: 'as rmap-xchg',
    faultsPerPage: '1',
    rule: 'Flush before mmu_lock is released: the shadow MMU assumes that no vCPU can write a page whose spte has W clear (6dbf79e7164e).',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'late-flush-tracked': {
    talk: 'the late flush meets the shadow MMU',
    hold: 'O(1)',
    heldFor: 'the words between two breaks',
    pays: 'as lock-break-late-flush; the shadow MMU, with a flush where the log has cleared W before',
    faultsPerPage: '1',
    rule: 'A clear W is no protection, a clear MMU-writable is: the thread that clears that bit flushes, whatever W was. So the log may clear W and flush later (198c74f43f0f).',
    machine: 'machines/get-dirty-log/lock-break.ts',
  },
  'rmap-xchg-fpf-tracked': {
    talk: 'the lockless fault path meets the shadow MMU',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg, but faults do not take it',
    pays: 'as rmap-xchg-fpf',
    faultsPerPage: '1',
    rule: 'Clear MMU-writable even where W is clear, and let the cmpxchg of the lockless path compare all of the spte: it makes an MMU-writable spte writable, at any time and without a lock.',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'rmap-xchg-indirect': {
    talk: 'the lockless fault path, and why it leaves indirect shadow pages alone',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg',
    pays: 'as rmap-xchg: every write fault takes mmu_lock',
    faultsPerPage: '1',
    rule: 'Mark the page that the spte maps while no thread can make it map another: under mmu_lock, after a second look. An spte that is bit by bit what it was may map another page by now.',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'slot-removal': {
    talk: 'beyond it: a slot that QEMU removes, and adds again, while the log is on',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg-late-flush, and O(S) for a slot that becomes read-only, or is deleted',
    pays: 'as rmap-xchg-late-flush; a vCPU that writes meanwhile leaves for user space, and writes again',
    faultsPerPage: '1',
    rule: 'No write may reach a slot from the moment its last log is taken: make it read-only, wait for the grace period, protect and flush, then take the log, then delete. QEMU 10.2 takes the log and deletes: a write in between is marked in a bitmap that is freed (M21).',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'slot-removal-pml': {
    talk: 'beyond it: a slot that QEMU removes while vCPUs hold pages of it in their logs',
    hold: 'O(W + D)',
    heldFor: 'as pml, and O(S) for a slot that becomes read-only, or is deleted',
    pays: 'as pml; a vCPU that writes meanwhile leaves for user space, and writes again',
    faultsPerPage: '0',
    rule: 'The order of slot-removal, and between the flush of the read-only slot and its last log a wait until every vCPU has drained its log: the flush is acknowledged before that, and a kick is not awaited (M21).',
    machine: 'machines/get-dirty-log/dirty-bits.ts',
  },
  'free-page-hints': {
    talk: 'beyond it: the guest says which pages QEMU need not send',
    hold: 'O(W + D)',
    heldFor: 'as rmap-xchg-late-flush',
    pays: 'as rmap-xchg-late-flush; the migration thread, which waits for the balloon before each sync',
    faultsPerPage: '1',
    rule: 'A hint may clear the bit of a page only if the page was named after the last sync: then later writes of the guest are still in the log. So the hints are stopped before a sync, which waits for the hint in progress, and new ones are requested after it (c13c4153f76d). A thread that clears bits of the bitmap, and counts them, holds bitmap_mutex (386a907b37a9, M41).',
    machine: 'machines/get-dirty-log/rmap-xchg.ts',
  },
  'shared-clear': {
    talk: 'beyond it: CLEAR_DIRTY_LOG shares mmu_lock with the faults',
    hold: 'O(C)',
    heldFor: 'for reading: the chunk of a CLEAR; no fault waits for it',
    pays: 'a fault, or CLEAR, whose cmpxchg fails and is done again; nobody waits for mmu_lock once the log is on',
    faultsPerPage: '1',
    rule: 'A fault installs and then marks; CLEAR clears and then protects, and tries a failed cmpxchg again. Then each order of the four leaves a bit set, or the page protected. Any other combination loses a write (docs/shared-clear.md; M14).',
    machine: 'machines/shared-clear/clear-dirty-log.ts',
  },
};

/**
 * Returns the comparison of a shipped design.
 * @throws PrecopyError `INTERNAL` if it has none
 */
export function comparisonOf(id: string): Comparison {
  const comparison = comparisons[id];
  if (!comparison)
    throw new PrecopyError('INTERNAL', `machines/designs/comparison.ts has no entry for ${id}`, 'please report this');
  return comparison;
}
