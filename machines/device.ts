import { bitmap, index } from '../src/model/declare.ts';
import { step } from './step.ts';
import { kvm } from './system.ts';

/**
 * A device of QEMU, in an I/O thread, that writes guest memory: `flatview_write_continue_step` copies into the page,
 * then `invalidate_and_set_dirty` sets the bit of the page in `ram_list.dirty_memory`, atomically
 * (`physical_memory_set_dirty_range`, system/physmem.c, QEMU 10.2). KVM takes no part in it. `do_vm_stop`
 * (system/cpus.c) stops it when the vCPUs have stopped, and waits for pending requests.
 */
export const device = kvm
  .actor({
    events: {
      /** the next operation of the code */
      STEP: {},
      /** the device writes the page */
      DMA: { field: 'gfn', size: ({ pages }) => pages, optional: true },
    },
    registers: ({ pages, bitsPerWord }) => ({
      /** the page that was written, whose bit is still to be set */
      gfn: index(pages),
      /** the loaded word of the bitmap, in a mutant that sets its bit with a load and a store */
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
      idle: {
        description: 'between two writes; a write begins with flatview_write_continue_step: memmove(ram_ptr, buf, *l)',
        on: { DMA: { actions: ['startDma', 'copyToGuest'], target: 'setDirty' }, VM_STOP: 'stopped' },
      },
      setDirty: {
        description:
          'invalidate_and_set_dirty: physical_memory_set_dirty_range: bitmap_set_atomic(blocks[DIRTY_MEMORY_MIGRATION][idx], ...)',
        on: step(['setDirty', 'endDma'], 'idle'),
      },
      stopped: { description: 'bdrv_drain_all has returned, and the device writes no more', entry: 'reportStopped' },
    },
  });
