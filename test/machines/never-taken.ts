import { kvmWithSecondCollector } from '../../machines/second-collector/system.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { hasCompany } from './footprints.ts';

/** A thread calls one ioctl at a time, and only some designs have a second thread. */
const contentionForSlotsLock = ['slots-lock: held LOCK_SLOTS 0', 'slots-lock: held UNLOCK_SLOTS 0'];
/**
 * Where only the start of the log waits for a grace period, a reader that comes during it is a second vCPU or a host
 * writer.
 */
const readerInGracePeriod = ['srcu: gracePeriod SRCU_READ_LOCK 0'];
/** Where the memslots are switched with every GET_DIRTY_LOG, or a slot is removed, that happens with one vCPU too. */
const switchesMemslots = new Set(['srcu-switch', 'rmap-hybrid', 'slot-removal', 'slot-removal-pml']);
/** Returns true if a design is searched without such writers: mutants are, unless they are about them. */
const hasNo = (writers: 'hostWriters' | 'devices', { id, mutantOf, params }: AnyDesign): boolean =>
  (mutantOf !== undefined || hasCompany.has(id)) && !params?.[writers];

const hasTwoCollectors = ({ system }: AnyDesign): boolean => system === kvmWithSecondCollector;

/** Returns true if QEMU merges all logs into `RAMBlock.bmap` at once. */
const mergesAtOnce = (design: AnyDesign): boolean => hasNo('devices', design) && !hasTwoCollectors(design);

/** Host writers are searched in the designs, and in mutants that are about them. */
const withoutReaders = (design: AnyDesign): boolean =>
  design.id === 'ad-bits' || (hasNo('hostWriters', design) && !switchesMemslots.has(design.mutantOf ?? design.id));
const allOfTheMerge = [
  ...['mergingWords', 'lastMergingWords'].flatMap((state) => [
    `migration: ${state}.orLog STEP 0`,
    `migration: ${state}.orLog always 0`,
    `migration: ${state}.takeBits STEP 0`,
    `migration: ${state}.takeBits always 0`,
  ]),
  'migration: merging always 0',
  'migration: lastMerge always 0',
];
/** Returns true if a design is searched only where other threads than migration set bits. */
const hasMany = (design: AnyDesign): boolean => design.mutantOf !== undefined || hasTwoCollectors(design);
const mergeAtOnce = ['migration: merging STEP 0', 'migration: lastMerge STEP 0'];
const nothingToStop = ['migration: stoppingDevices STOPPED 0'];
/** The ioctl asks for no flush. */
const allOfTheFlush = [
  'get-dirty-log: flushTlbs.makeRequests MAKE_REQUEST 0',
  'get-dirty-log: flushTlbs.makeRequests MAKE_REQUEST 1',
  'get-dirty-log: flushTlbs.makeRequests always 0',
  'get-dirty-log: flushTlbs.awaitAcks IPI_ACK 0',
  'get-dirty-log: flushTlbs.awaitAcks always 0',
];

/** And so no IPI is sent to a vCPU that has lost its processor. */
const flushAndItsIpi = [...allOfTheFlush, 'vcpu: scheduledOut IPI 0'];

/** No write is write-protected, so no vCPU takes mmu_lock. */
const allOfTheFault = [
  'vcpu: host.lockMmu LOCK_GRANTED 0',
  'vcpu: host.readMemslots STEP 0',
  'vcpu: host.readMemslots always 0',
  'vcpu: host.markPageDirty always 0',
  'vcpu: host.markPageDirty STEP 0',
  'vcpu: host.setSpte STEP 0',
  'mmu-lock: held LOCK 0',
  'mmu-lock: held UNLOCK 0',
];

/** Not searched where a second thread or a shadow MMU makes for many states. */
const emulatedWriteBeforeLog = ['vcpu: host.markWrite always 0', 'vcpu: host.readMemslotsForWrite STEP 0'];
const emulatedWrite = [
  'vcpu: inGuest EMULATED_WRITE 0',
  'vcpu: host.writeGuestPage STEP 0',
  'vcpu: host.readMemslotsForWrite always 0',
  'vcpu: host.markWrite STEP 0',
  ...emulatedWriteBeforeLog,
];

/** Transitions of a base machine that a design does not use. */
const unused: Readonly<Record<string, readonly string[]>> = {
  // The first fault below a huge page comes before the log, splits it slowly, and leaves nothing for the lockless path
  // until then.
  'rmap-xchg-fpf-huge': ['vcpu: host.markAfterwards always 0'],
  // nr_dirty_pages says whether anything is dirty.
  'rmap-hybrid': [
    'get-dirty-log: scanWord STEP 0',
    'get-dirty-log: scanWord STEP 1',
    'get-dirty-log: scanWord always 0',
  ],
  pml: allOfTheFault,
  'ad-bits': [...allOfTheFault, 'get-dirty-log: writeProtect STEP 0', 'get-dirty-log: writeProtect always 0'],
  // Only one ioctl takes the lock for writing.
  'manual-clear-tdp': ['mmu-rwlock: written LOCK 0', 'mmu-rwlock: written UNLOCK 0'],
  'manual-clear-eager-split': ['mmu-rwlock: written LOCK 0', 'mmu-rwlock: written UNLOCK 0'],
  // Nobody waits for the lock, once the log is on.
  'shared-clear': ['mmu-rwlock: read LOCK_SHARED 1', 'mmu-rwlock: written LOCK 0', 'mmu-rwlock: written UNLOCK 0'],
  'slot-removal': ['mmu-rwlock: written LOCK 0', 'mmu-rwlock: written UNLOCK 0'],
  // The log is on from the start, and so are those of the vCPUs.
  'slot-removal-pml': [
    'vcpu: host.enterGuest STEP 0',
    'vcpu: host.markPageDirty always 0',
    'vcpu: host.markWrite always 0',
    'migration: setup STEP 0',
    'migration: startingLog MEMORY_REGION_SET 0',
  ],
  'free-page-hints': [...mergeAtOnce, ...emulatedWrite],
  'late-flush-two-collectors': emulatedWrite,
  'unlocked-flush': emulatedWrite,
  'rmap-xchg-indirect': emulatedWrite,
  'rmap-xchg-tracked': ['vcpu: inGuest EMULATED_WRITE 0'],
  'late-flush-tracked': ['vcpu: inGuest EMULATED_WRITE 0'],
  // No other vCPU makes an spte writable during a fault.
  'rmap-xchg-fpf-tracked': ['vcpu: inGuest EMULATED_WRITE 0', 'vcpu: host.walkShadowPage STEP 0'],
};

/**
 * Out of reach of one vCPU and one page where GET_DIRTY_LOG does not take mmu_lock, as in the mutants of this design.
 */
const notAlone = [
  'mmu-lock: held LOCK 0',
  'mmu-lock: held UNLOCK 0',
  'vcpu: host.walkRoot always 0',
  'vcpu: inGuest WRITE 2',
];

/** A page is tracked once, and its spte is MMU-writable until then. */
const mmuWritableAtFirst = ['write-tracking: decideOnFlush always 0'];

/** Transitions that a mutant cannot reach, because of what it leaves out. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'srcu-switch/no-grace-period': [
    'get-dirty-log: synchronizeSrcu GRACE_PERIOD_OVER 0',
    'srcu: gracePeriod SRCU_READ_LOCK 0',
  ],
  'srcu-switch/no-flush': flushAndItsIpi,
  'srcu-switch/walk-without-mmu-lock': ['get-dirty-log: lockMmu LOCK_GRANTED 0'],
  'rmap-xchg/no-flush': flushAndItsIpi,
  'rmap-xchg/flush-not-awaited': ['get-dirty-log: flushTlbs.awaitAcks IPI_ACK 0'],
  'rmap-xchg/get-without-mmu-lock': ['get-dirty-log: lockMmu LOCK_GRANTED 0'],
  // Only GET_DIRTY_LOG takes the lock, so no actor ever waits.
  'rmap-xchg/fault-without-mmu-lock': [
    'vcpu: host.lockMmu LOCK_GRANTED 0',
    'mmu-lock: held LOCK 0',
    'mmu-lock: held UNLOCK 0',
  ],
  'rmap-xchg/last-sync-before-pause': ['migration: stoppingDevices always 0'],
  'rmap-xchg/pause-not-awaited': ['migration: pausing PAUSED 0', 'migration: stoppingDevices always 0'],
  'rmap-xchg-fpf/mark-before-install': [
    'vcpu: host.readMemslotsAfterwards STEP 0',
    'vcpu: host.readMemslotsAfterwards always 0',
    'vcpu: host.readMemslotsAfterwards always 1',
    'vcpu: host.markAfterwards STEP 0',
    'vcpu: host.markAfterwards always 0',
  ],
  'rmap-xchg-handshake/no-smp-mb': ['vcpu: host.smpMb STEP 0'],
  // It reads its mode before it has stored one, so there is none that a flusher could turn into EXITING_GUEST_MODE.
  'rmap-xchg-handshake/requests-before-mode': ['vcpu: readMode STEP 0'],
  'lock-break/no-final-flush': flushAndItsIpi,
  'lock-break/flush-forgotten-at-break': [
    'get-dirty-log: flushAtBreak.makeRequests MAKE_REQUEST 0',
    'get-dirty-log: flushAtBreak.makeRequests MAKE_REQUEST 1',
    'get-dirty-log: flushAtBreak.makeRequests always 0',
    'get-dirty-log: flushAtBreak.awaitAcks IPI_ACK 0',
    'get-dirty-log: flushAtBreak.awaitAcks always 0',
  ],
  'lock-break/no-relock': ['get-dirty-log: relockMmu LOCK_GRANTED 0'],
  'lock-break-late-flush/flush-not-awaited': ['get-dirty-log: flushTlbs.awaitAcks IPI_ACK 0'],
  'lazy-protect/reload-not-awaited': ['get-dirty-log: reloadRemoteMmus.awaitAcks IPI_ACK 0'],
  'manual-clear/no-flush': flushAndItsIpi,
  'manual-clear-initially-set/skip-protection': [
    ...flushAndItsIpi,
    'vcpu: inGuest IPI 0',
    'vcpu: host IPI 0',
    'vcpu: host.enterGuest STEP 0',
    'vcpu: host.readMemslots always 0',
    'get-dirty-log: writeProtect STEP 0',
  ],
  // Only the start of the log takes the lock for writing, so that only a second vCPU queues behind a waiting writer.
  'manual-clear-tdp/clear-shares-mmu-lock': ['mmu-rwlock: read LOCK_SHARED 1'],
  'ad-bits/no-flush': flushAndItsIpi,
  // an IPI is sent to a vCPU in the guest, which waits for the lock first if it leaves for it
  'rmap-xchg/interrupts-off': [
    'vcpu: host.inUserspace IPI 0',
    'vcpu: host.readMemslots IPI 0',
    'vcpu: host.markPageDirty IPI 0',
    'vcpu: host.setSpte IPI 0',
  ],
  // the guest never stops
  'rmap-xchg/never-small-enough': [
    'destination: receiving RESUME 0',
    'migration: completing SEND 0',
    'migration: completing always 0',
    'migration: lastMerge STEP 0',
    'migration: lastSync DIRTY_LOG 0',
    'migration: pausing PAUSED 0',
    'migration: pausing always 0',
    'migration: stoppingDevices always 0',
    'vcpu: host.enterGuest PAUSE 0',
    'vcpu: inGuest PAUSE 0',
  ],
  'manual-clear-eager-split/return-at-break': [
    'get-dirty-log: relockToSplit LOCK_GRANTED 0',
    'get-dirty-log: linkTable STEP 0',
    'get-dirty-log: linkTable STEP 1',
  ],
  'manual-clear-tdp/start-without-grace-period': [
    'set-memory-region: synchronizeSrcu GRACE_PERIOD_OVER 0',
    'srcu: idle SYNCHRONIZE_SRCU 0',
    'srcu: gracePeriod SRCU_READ_UNLOCK 0',
    'srcu: gracePeriod always 0',
  ],
  'rmap-xchg/no-flush-at-start': allOfTheFlush.map((name) => name.replace('get-dirty-log', 'set-memory-region')),
  'late-flush-two-collectors/no-slots-lock': ['get-dirty-log: lockSlots SLOTS_LOCKED 0', ...contentionForSlotsLock],
  'late-flush-tracked': mmuWritableAtFirst,
  'late-flush-tracked/break-without-progress': [
    ...mmuWritableAtFirst,
    'get-dirty-log: loadWordAfterBreak STEP 0',
    'get-dirty-log: loadWordAfterBreak STEP 1',
  ],
  'rmap-xchg-fpf-tracked': mmuWritableAtFirst,
  // no fault takes mmu_lock
  'rmap-xchg-indirect/fast-fault-on-indirect-page': allOfTheFault.filter((name) => name.startsWith('vcpu')),
  'rmap-xchg-fpf-tracked/cmpxchg-of-one-bit': [...mmuWritableAtFirst, 'vcpu: host.readMemslotsAfterwards always 0'],
  'rmap-xchg-fpf-tracked/skip-without-writable': ['vcpu: host.readMemslotsAfterwards always 0'],
  'slot-removal/delete-after-log': [
    'migration: removing.settingReadOnly MEMORY_REGION_SET 0',
    'set-memory-region: inUserspace SET_READONLY 0',
    ...[
      'lockSlots SLOTS_LOCKED 0',
      'publishMemslots STEP 0',
      'synchronizeSrcu GRACE_PERIOD_OVER 0',
      'lockMmu LOCK_GRANTED 0',
      'dropSptes STEP 0',
      'dropSptes always 0',
      'makeRequests MAKE_REQUEST 0',
      'makeRequests MAKE_REQUEST 1',
      'makeRequests always 0',
      'awaitAcks IPI_ACK 0',
      'awaitAcks always 0',
    ].map((name) => `set-memory-region: readOnly.${name}`),
  ],
  'slot-removal/read-only-without-grace-period': ['set-memory-region: readOnly.synchronizeSrcu GRACE_PERIOD_OVER 0'],
  'slot-removal-pml/drain-not-awaited': ['set-memory-region: waitForDrains GRACE_PERIOD_OVER 0'],
  'free-page-hints/send-without-bitmap-mutex': [
    'bitmap-mutex: held LOCK_BITMAP 0',
    'bitmap-mutex: held UNLOCK_BITMAP 0',
    'migration: lockBitmap BITMAP_LOCKED 0',
  ],
  'free-page-hints/hints-not-stopped': ['stoppingHints', 'stoppingHintsForGood'].flatMap((state) => [
    `migration: ${state}.lockFreePages FREE_PAGES_LOCKED 0`,
    `migration: ${state}.setStatus STEP 0`,
  ]),
  'free-page-hints/stop-not-awaited': ['migration: stoppingHints.lockFreePages FREE_PAGES_LOCKED 0'],
  'free-page-hints/old-hint-taken': ['balloon: takeAnswer STEP 0'],
  'pml/log-not-awaited': ['set-memory-region: enablePml.awaitAcks IPI_ACK 0'],
};

/** The transitions that a design or a mutant never takes, each for a reason that stands above. */
export function neverTakenBy(design: AnyDesign): string[] {
  const base = design.mutantOf ?? design.id;
  return [
    ...(hasTwoCollectors(design) ? [] : contentionForSlotsLock),
    ...(withoutReaders(design) ? readerInGracePeriod : []),
    ...(mergesAtOnce(design) ? allOfTheMerge : hasMany(design) ? mergeAtOnce : []),
    ...(hasNo('devices', design) && hasNo('hostWriters', design) ? nothingToStop : []),
    ...(design.mutantOf === 'lazy-protect' ? notAlone : []),
    ...(unused[base] ?? []),
    ...(design.id === 'slot-removal-pml' ? ['host-writer: markPageDirty always 0'] : []),
    ...(leftOut[design.id] ?? []),
  ].sort();
}
