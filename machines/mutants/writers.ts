import { defineMutant } from '../../src/model/define-design.ts';
import { manualClear, rmapXchg, srcuSwitch } from '../designs/index.ts';
import { device } from '../device.ts';
import { hostWriter } from '../host-writer.ts';
import { migration, migrationWithClear } from '../migration.ts';
import { step } from '../step.ts';

const oneWriter = { vcpus: 1, pages: 1, emulatingVcpus: 0 } as const;

const hostMarksFirst = defineMutant(rmapXchg, 'host-marks-first', {
  bug: 'KVM marks a page and writes it afterwards, while GET_DIRTY_LOG takes the bit in between',
  breaks: 'no-lost-write',
  params: { ...oneWriter, hostWriters: 1 },
  machines: {
    hostWriter: hostWriter.extend({
      states: {
        idle: { on: { HOST_WRITE: { actions: ['srcuReadLock', 'startHostWrite'], target: 'readMemslots' } } },
        markPageDirty: {
          always: { guard: 'slotDoesNotLog', target: 'writeGuestPage' },
          on: step('markPageDirty', 'writeGuestPage'),
        },
        writeGuestPage: { on: step('writeGuestPage', 'endWrite') },
      },
    }),
  },
});

const hostWritesOutsideReadSide = defineMutant(srcuSwitch, 'host-write-outside-read-side', {
  bug: 'KVM writes and marks a page outside of an SRCU read section, so that the memslots are switched meanwhile',
  breaks: 'grace-period',
  params: { ...oneWriter, hostWriters: 1 },
  machines: {
    hostWriter: hostWriter.extend({
      states: {
        idle: { on: { HOST_WRITE: { actions: ['startHostWrite', 'writeGuestPage'], target: 'readMemslots' } } },
        endWrite: { always: { actions: ['noteWriteIsMarked', 'resetMemslots', 'resetGfn'], target: 'idle' } },
      },
    }),
  },
});

const nonatomicSetDirty = defineMutant(rmapXchg, 'nonatomic-set-dirty', {
  bug: "a device sets its bit in QEMU's bitmap with a load and a store, and the log is merged in between (M39)",
  fixedBy: 'QEMU d114875b9a1c',
  breaks: 'no-lost-write',
  params: { ...oneWriter, pages: 2, devices: 1 },
  machines: {
    device: device.extend({
      states: {
        setDirty: { on: step('loadDirtyMemory', 'storeDirty') },
        storeDirty: { on: step(['storeDirtyMemory', 'endDma'], 'idle') },
      },
    }),
  },
});

const writeAfterClear = defineMutant(rmapXchg, 'write-after-clear', {
  bug: 'a writer that finds its page dirty already writes without setting the bit, which is taken and the page sent before the write, as by TCG (M37)',
  fixedBy: 'QEMU 9458a9a1df1a',
  breaks: 'no-lost-write',
  params: { ...oneWriter, devices: 1 },
  machines: {
    device: device.extend({
      states: {
        idle: {
          on: {
            DMA: [
              { guard: 'pageIsDirtyAlready', actions: 'startDma', target: 'copyUnmarked' },
              { actions: 'startDma', target: 'copyToGuest' },
            ],
          },
        },
        copyToGuest: { on: step('copyToGuest', 'setDirty') },
        copyUnmarked: { on: step(['copyToGuest', 'endDma'], 'idle') },
      },
    }),
  },
});

const deviceNotStopped = defineMutant(rmapXchg, 'device-not-stopped', {
  bug: 'QEMU stops the vCPUs, takes the last log, and stops its devices afterwards',
  breaks: 'final-image',
  params: { ...oneWriter, devices: 1 },
  machines: {
    migration: migration.extend({
      states: {
        pausing: { always: { guard: 'allStopped', target: 'lastSync' } },
        lastMergingWords: {
          states: {
            takeBits: {
              always: { guard: 'mergedAllWords', actions: 'resetWord', target: '#migration.stoppingDevices' },
            },
          },
        },
        stoppingDevices: { always: { guard: 'devicesStopped', target: 'completing' } },
      },
    }),
  },
});

const clearBeforeMerge = defineMutant(manualClear, 'clear-before-merge', {
  bug: 'QEMU calls CLEAR_DIRTY_LOG for a chunk whose log it has not merged into its own bitmap yet (M43)',
  fixedBy: 'an assertion in kvm_log_clear_one_slot',
  breaks: 'no-lost-write',
  params: { vcpus: 1, pages: 1, emulatingVcpus: 0 },
  machines: {
    migration: migrationWithClear.extend({
      states: {
        syncing: { on: { DIRTY_LOG: 'clearingEarly' } },
        clearingEarly: { on: { CLEAR: { actions: 'callClearDirtyLog', target: 'awaitingClear' } } },
        awaitingClear: { on: { CLEARED: 'merging' } },
      },
    }),
  },
});

/** Bugs of host writers and devices, and of the order in which QEMU collects the log. */
export const writerMutants = [
  hostMarksFirst,
  hostWritesOutsideReadSide,
  nonatomicSetDirty,
  writeAfterClear,
  deviceNotStopped,
  clearBeforeMerge,
];
