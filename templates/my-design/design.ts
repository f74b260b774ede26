import { defineDesign, defineMutant } from 'precopy';
import { flushRemoteTlbs, getDirtyLogByRmapXchg, rmapXchg } from 'precopy/kvm';

/**
 * GET_DIRTY_LOG that flushes TLBs after each word of the dirty bitmap, not once at the end. It differs from the handler
 * of `rmap-xchg` in three states; `extend` merges them with the others.
 */
const getDirtyLog = getDirtyLogByRmapXchg.extend({
  states: {
    loadWord: {
      always: { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' },
    },
    writeProtect: {
      always: { guard: 'maskIsEmpty', target: 'flushTlbs' },
    },
    flushTlbs: flushRemoteTlbs(['inIoctl', 'holdsMmuLock'], {
      actions: 'nextWord',
      target: '#get-dirty-log.loadWord',
    }),
  },
});

/** The design: `rmap-xchg` with this handler. Its other machines and its properties are those of `rmap-xchg`. */
export const design = defineDesign({
  ...rmapXchg,
  id: 'my-design',
  title: 'rmap-xchg that flushes TLBs after each word',
  source: { version: 'never built' },
  machines: { ...rmapXchg.machines, getDirtyLog },
});

/** A mutant: the same design with one bug. It has to violate the property that `breaks` names. */
export const withoutFlush = defineMutant(design, 'without-flush', {
  bug: 'the pages of a word are write-protected, but TLBs are not flushed',
  breaks: 'logged-or-protected',
  params: { vcpus: 1, pages: 1, loggingOn: 1 },
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: { writeProtect: { always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'loadWord' } } },
    }),
  },
});

export const designs = [design, withoutFlush];
