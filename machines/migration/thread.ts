import { bitmap, counter } from '../../src/model/declare.ts';
import { chunkCount, othersSetBits, vcpusOf, wordCount } from '../params.ts';
import { kvm } from '../system.ts';

/**
 * The migration thread of QEMU, which chooses dirty pages to send, when to take the log, and when to stop the guest. A
 * machine picks what it does from the parts of this folder: `migrationThread.use(startOfLog, merge, ...)`.
 */
export const migrationThread = kvm.actor({
  events: {
    /** the next operation of the code */
    STEP: {},
    /** takes the log: `migration_bitmap_sync` */
    SYNC: { optional: true },
    /** stops the guest: `migration_completion` */
    STOP: { optional: true },
    /** the memory map changes: the slot is removed, and added again */
    REMOVE: { optional: true },
    /** sends a page whose bit is set: `ram_save_host_page` */
    SEND: { field: 'gfn', size: ({ pages }) => pages },
    /** clears the chunk of the log that a page to send is in: `migration_clear_memory_region_dirty_bitmap` */
    CLEAR: { field: 'chunk', size: chunkCount },
  },
  registers: (params, { actorsThatTake }) => ({
    /** vCPUs that have not stopped yet */
    running: vcpusOf(params),
    /** pages sent in this round, in a mutant that clears its bits late */
    sent: bitmap(params.pages, { cold: true }),
    /** the number of devices and host writers that have not stopped yet */
    toStop: counter(actorsThatTake('VM_STOP')),
    /** index of the word that is merged next, where other threads set bits too */
    word: counter(othersSetBits(params) ? wordCount(params) : 0),
    /** that word */
    loaded: bitmap(othersSetBits(params) ? Math.min(params.bitsPerWord, params.pages) : 0, {
      bitsPerWord: params.bitsPerWord,
    }),
  }),
});

/** `memory_global_dirty_log_start` at the begin, and the ioctl that takes the log. */
export const logCalls = migrationThread.implement({
  actions: {
    callSetUserMemoryRegion: ({ context: { send, actors } }) => send('SET_USER_MEMORY_REGION', actors.setMemoryRegion),
    /** Starts the run as if the log had just been switched on, if it begins with the log on. */
    skipStartOfLog: ({ context: { send, me, params } }) => {
      if (params.loggingOn === 1) send('MEMORY_REGION_SET', me);
    },
    callGetDirtyLog: ({ context: { send, actors } }) => send('GET_DIRTY_LOG', actors.getDirtyLog),
  },
});

/** `ram_save_host_page`: a page is sent after `migration_bitmap_clear_dirty` has cleared its bit. */
export const sending = migrationThread.implement({
  actions: {
    clearDirtyBit: ({ context: { qemu }, event }) => qemu.bmap.clear(event.gfn),
    sendPage: ({ context: { send, actors }, event }) => send('PAGE', actors.destination, { gfn: event.gfn }),
    resumeDestination: ({ context: { send, actors } }) => send('RESUME', actors.destination),
  },
  guards: {
    pageIsDirty: ({ context: { qemu }, event }) => qemu.bmap.has(event.gfn),
    nothingLeft: ({ context: { qemu } }) => qemu.bmap.isEmpty(),
  },
});

/** `pause_all_vcpus` and `do_vm_stop`. */
export const stopping = migrationThread.implement({
  actions: {
    expectAllToStop: ({ context: { my } }) => my.running.fill(true),
    kickVcpus: ({ context: { send, actors } }) => {
      for (const vcpu of actors.vcpu) send('PAUSE', vcpu);
    },
    noteStopped: ({ context: { my }, event }) => my.running.clear(event.from),
    stopDevices: ({ context: { my, send, actors } }) => {
      my.toStop = actors.hostWriter.length + actors.device.length;
      for (const writer of [...actors.hostWriter, ...actors.device]) send('VM_STOP', writer);
    },
    noteDeviceStopped: ({ context: { my } }) => {
      my.toStop--;
    },
  },
  guards: {
    allStopped: ({ context: { my } }) => my.running.isEmpty(),
    devicesStopped: ({ context: { my } }) => my.toStop === 0,
  },
});
