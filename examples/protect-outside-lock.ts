import { defineDesign } from 'precopy';
import {
  bitmapScan,
  flushRemoteTlbs,
  getDirtyLogCall,
  ioctl,
  mmuLocking,
  rmapWriteProtect,
  rmapXchg,
  step,
  tlbFlush,
  xchgSnapshot,
} from 'precopy/kvm';

/** An action that no shipped design has: the pages of a word are protected long after its bits were taken. */
const snapshotMask = ioctl.implement({
  actions: { maskOfSnapshot: ({ context: { ioctl, my } }) => ioctl.snapshot.loadWord(my.word, my.mask) },
});

/**
 * A design that no kernel has: GET_DIRTY_LOG takes the words of the bitmap under `mmu_lock`, releases the lock, and
 * only then protects the pages, each with an atomic clear of the W bit. A vCPU that faults waits for the xchg loop
 * alone. Does it lose a write?
 */
const getDirtyLog = ioctl
  .use(getDirtyLogCall, mmuLocking, bitmapScan, xchgSnapshot, snapshotMask, rmapWriteProtect, tlbFlush)
  .createMachine({
    id: 'get-dirty-log',
    initial: 'inUserspace',
    states: {
      inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockMmu' } } },
      lockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'snapshotWord' } },
      snapshotWord: {
        tags: ['inIoctl', 'holdsMmuLock'],
        always: { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'protectWord' },
        on: step(['xchgDirtyWord', 'resetMask', 'nextWord']),
      },
      protectWord: {
        tags: ['inIoctl'],
        always: [
          { guard: 'scannedAllWords', actions: 'resetWord', target: 'flushTlbs' },
          { actions: 'maskOfSnapshot', target: 'protectPage' },
        ],
      },
      protectPage: {
        tags: ['inIoctl'],
        always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'protectWord' },
        on: step('writeProtectPage'),
      },
      flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }),
      copyToUser: { tags: ['inIoctl'], on: step(['copyToUser', 'returnToUser'], 'inUserspace') },
    },
  });

export default defineDesign({
  ...rmapXchg,
  id: 'protect-outside-lock',
  title: 'xchg under mmu_lock, write protection after it',
  source: { version: 'an idea' },
  machines: { ...rmapXchg.machines, getDirtyLog },
});
