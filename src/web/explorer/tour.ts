/** A stop of a chapter: a step of its run, and what to see there. */
interface TourStop {
  readonly step: number;
  readonly text: string;
}

/** A chapter of the tour: a run of a shipped design, and where to stop. */
export interface Chapter {
  readonly title: string;
  readonly schedule: string;
  readonly stops: readonly TourStop[];
}

/**
 * The tour: how dirty logging lost a write, what it cost not to, and what was tried instead. Each chapter is a real run
 * that `precopy check` found; test/web/tour.test.ts takes each of them.
 */
export const tour: readonly Chapter[] = [
  {
    title: 'The write that is lost without a flush',
    schedule:
      'rmap-xchg/no-flush@vcpus=1,pages=1,bitsPerWord=32,loggingOn=1,emulatingVcpus=0:9f692550:DQEAAAABBgMDAwMFCAE',
    stops: [
      {
        step: 0,
        text: 'The log is on, and the page is write-protected. QEMU has all pages to send: look at qemu.bmap.',
      },
      { step: 1, text: 'vcpu0 writes the page. Its spte is read-only, so the write is a fault, which takes mmu_lock.' },
      { step: 3, text: 'The fault has set the bit of the page in the dirty bitmap, and made its spte writable.' },
      { step: 5, text: 'The write again: now the walk finds a writable spte, and the TLB keeps it.' },
      { step: 9, text: 'GET_DIRTY_LOG has taken the bit and made the spte read-only. The TLB does not know.' },
      {
        step: 10,
        text: 'It returns to QEMU without a flush of the TLB: that is the bug. logged-or-protected is false already.',
      },
      { step: 12, text: 'QEMU sends the page, and clears its bit.' },
      {
        step: 13,
        text: 'vcpu0 writes through its TLB. No bit is set, no fault tells: this write never reaches the destination.',
      },
    ],
  },
  {
    title: 'The long hold',
    schedule: 'rmap-xchg@vcpus=2,pages=2,bitsPerWord=32,loggingOn=1,emulatingVcpus=0:abf73329:CgEAAA4KCgoLDAY',
    stops: [
      { step: 3, text: 'The repaired design. vcpu0 has dirtied page 0, with a fault as before.' },
      { step: 4, text: 'GET_DIRTY_LOG takes mmu_lock: the violet bar in its lane. It holds the lock from here on.' },
      {
        step: 7,
        text: 'For each word of the bitmap it takes the bits, and for each bit it protects the page. A guest of a terabyte has millions.',
      },
      {
        step: 9,
        text: 'It asks every vCPU to flush its TLB, and waits for those that run the guest. The lock is still held.',
      },
      {
        step: 10,
        text: 'vcpu1 writes a page that is protected: it waits for mmu_lock, the orange bar, until all of this is done. That is the latency problem.',
      },
    ],
  },
  {
    title: 'The release',
    schedule: 'lock-break@vcpus=1,pages=2,bitsPerWord=1,loggingOn=1,emulatingVcpus=0:1394db8f:CwEAAAAJAgUFBQcG',
    stops: [
      {
        step: 6,
        text: 'The same, with two words of the bitmap. vcpu0 faults on page 1 while GET_DIRTY_LOG has the lock.',
      },
      {
        step: 9,
        text: 'The first word is done. Somebody waits for the lock: need_resched() || spin_needbreak(&kvm->mmu_lock).',
      },
      {
        step: 10,
        text: 'Before the lock may go, what was protected has to be flushed: another thread could see a read-only spte, and rely on it.',
      },
      {
        step: 11,
        text: 'The flush is done, the lock is released, and the fault goes on. The second word follows later. Each break costs a flush.',
      },
    ],
  },
  {
    title: 'The lazy way',
    schedule: 'lazy-protect@vcpus=1,pages=1,bitsPerWord=32,loggingOn=1,emulatingVcpus=0:b8bbf511:CwEAAAAABgMDAwQD',
    stops: [
      {
        step: 1,
        text: 'Posted in 2017 and never merged: protect only the root, whatever the size of the guest. The first write faults at the root.',
      },
      {
        step: 2,
        text: 'The fault moves the protection down: the sptes below become read-only, before the entry of the root becomes writable.',
      },
      { step: 5, text: 'Then the page is marked, and its own spte is made writable.' },
      {
        step: 9,
        text: 'GET_DIRTY_LOG takes the bits, and protects everything by a new generation of the root: one store, no lock.',
      },
      {
        step: 11,
        text: 'It returns although the spte is still writable: kvm.spteWritable. The vCPU loads the root anew before it enters the guest.',
      },
    ],
  },
  {
    title: 'A/D bits',
    schedule: 'ad-bits@vcpus=1,pages=1,bitsPerWord=32,loggingOn=1,emulatingVcpus=0:9422ec59:CwEIBgMDAwMEDxwD',
    stops: [
      {
        step: 1,
        text: 'No protection at all: the processor sets the D bit of the spte when it fills the TLB. The vCPU never leaves the guest.',
      },
      { step: 2, text: 'QEMU sends the page meanwhile.' },
      {
        step: 5,
        text: 'GET_DIRTY_LOG harvests: it clears the D bit of each spte and marks its page. Now it looks at all sptes, dirty or not.',
      },
      {
        step: 9,
        text: 'A TLB entry would set no D bit any more, so that every vCPU has to flush: an IPI for each, while mmu_lock is held.',
      },
      {
        step: 11,
        text: 'The page is reported. Compare the cost with the others: npx precopy compare rmap-xchg lock-break lazy-protect ad-bits.',
      },
    ],
  },
];
