import { bitmap, index } from '../src/model/declare.ts';
import { kvm } from './system.ts';

/**
 * A device of QEMU, in an I/O thread, that writes guest memory by itself: `flatview_write_continue_step` copies into the page, then
 * `invalidate_and_set_dirty` sets the bit of the page in `ram_list.dirty_memory`, atomically (`physical_memory_set_dirty_range`, system/physmem.c,
 * QEMU 10.2). KVM knows nothing of it. `do_vm_stop` (system/cpus.c) stops it, and waits for what is under way, when the vCPUs have stopped.
 */
export const device = kvm
  .actor({
    events: { STEP: {}, DMA: { field: 'gfn', size: ({ pages }) => pages, optional: true } },
    registers: ({ pages, bitsPerWord }) => ({
      /** the page that was written, whose bit is to be set */
      gfn: index(pages),
      /** the word of the bitmap that was loaded, where setting a bit takes a load and a store */
      loaded: bitmap(Math.min(bitsPerWord, pages), { bitsPerWord }),
    }),
  })
  .setup({
    actions: {
      startDma: ({ context: { my }, event }) => {
        my.gfn = event.gfn;
      },
      copyToGuest: ({ context: { ram, my, me, ghost } }) => {
        ram.stale.setWord(my.gfn, 1);
        ghost.unmarked(me).set(my.gfn);
      },
      setDirty: ({ context: { ramList, my } }) => ramList.dirtyMemory.set(my.gfn),
      loadDirtyMemory: ({ context: { ramList, my } }) =>
        ramList.dirtyMemory.loadWord(ramList.dirtyMemory.wordOf(my.gfn), my.loaded),
      storeDirtyMemory: ({ context: { ramList, my, params } }) => {
        my.loaded.set(my.gfn % params.bitsPerWord);
        ramList.dirtyMemory.setWord(ramList.dirtyMemory.wordOf(my.gfn), my.loaded);
        my.loaded.fill(false);
      },
      endDma: ({ context: { my, me, ghost } }) => {
        ghost.unmarked(me).clear(my.gfn);
        my.gfn = 0;
      },
      reportStopped: ({ context: { send, actors } }) => send('STOPPED', actors.migration),
    },
    guards: {
      pageIsDirtyAlready: ({ context: { ramList }, event }) => ramList.dirtyMemory.has(event.gfn),
    },
  })
  .createMachine({
    id: 'device',
    initial: 'idle',
    states: {
      idle: { on: { DMA: { actions: ['startDma', 'copyToGuest'], target: 'setDirty' }, VM_STOP: 'stopped' } },
      setDirty: { on: { STEP: { actions: ['setDirty', 'endDma'], target: 'idle' } } },
      stopped: { entry: 'reportStopped' },
    },
  });
