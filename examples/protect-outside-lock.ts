import { defineDesign } from 'precopy';
import { dirtyLogHandler, flushRemoteTlbs, rmapXchg } from 'precopy/kvm';

/**
 * A design that nobody has built: GET_DIRTY_LOG takes the words of the bitmap under `mmu_lock`, lets the lock go, and only then protects the
 * pages, each with an atomic clear of the W bit. A vCPU that faults waits for the xchg loop alone. Does it lose a write?
 */
const getDirtyLog = dirtyLogHandler.createMachine({
  id: 'get-dirty-log',
  initial: 'inUserspace',
  states: {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockMmu' } } },
    lockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'snapshotWord' } },
    snapshotWord: {
      tags: ['inIoctl', 'holdsMmuLock'],
      always: { guard: 'scannedAllWords', actions: ['rewind', 'releaseMmuLock'], target: 'protectWord' },
      on: { STEP: { actions: ['xchgDirtyWord', 'forgetMask', 'nextWord'] } },
    },
    protectWord: {
      tags: ['inIoctl'],
      always: [
        { guard: 'scannedAllWords', actions: 'rewind', target: 'flushTlbs' },
        { actions: 'maskOfSnapshot', target: 'protectPage' },
      ],
    },
    protectPage: {
      tags: ['inIoctl'],
      always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'protectWord' },
      on: { STEP: { actions: 'writeProtectPage' } },
    },
    flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }),
    copyToUser: { tags: ['inIoctl'], on: { STEP: { actions: ['copyToUser', 'returnToUser'], target: 'inUserspace' } } },
  },
});

export default defineDesign({
  ...rmapXchg,
  id: 'protect-outside-lock',
  title: 'xchg under mmu_lock, write protection after it',
  source: { version: 'an idea' },
  machines: { ...rmapXchg.machines, getDirtyLog },
});
