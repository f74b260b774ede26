import { index } from '../../src/model/declare.ts';
import { hintStatuses, kvmWithFreePageHints } from './system.ts';

/**
 * virtio-balloon with free page hints (hw/virtio/virtio-balloon.c, QEMU 10.2; c13c4153f76d, QEMU 4.0): the driver in
 * the guest, and the I/O thread of QEMU that takes its hints. The guest answers a request with the id of the command,
 * and then names free pages, one element of the virtqueue after the other (here at most one waits); the contents of
 * such a page do not matter until the guest writes it. The I/O thread takes an element under `free_page_lock`
 * (`get_free_page_hints`). A hint counts only if the answer to the latest request came before it; then
 * `qemu_guest_free_page_hint` (migration/ram.c) clears the bit of the page, which need not be sent, and decrements the
 * count of dirty pages, under `bitmap_mutex`.
 */
export const balloon = kvmWithFreePageHints
  .actor({
    events: {
      /** the next operation of the code */
      STEP: {},
      /** the guest answers the request with the id of the command */
      ANSWER: { optional: true },
      /** the guest names a free page */
      HINT: { field: 'gfn', size: ({ pages }) => pages, optional: true },
    },
    registers: ({ pages }) => ({
      /** the page that the guest has named */
      gfn: index(pages),
    }),
  })
  .setup({
    actions: {
      nameFreePage: ({ context: { ram, my }, event }) => {
        ram.stale.clear(event.gfn);
        my.gfn = event.gfn;
      },
      requestFreePageLock: ({ context: { send, actors } }) => send('LOCK_FREE_PAGES', actors.freePageLock),
      releaseFreePageLock: ({ context: { send, actors } }) => send('UNLOCK_FREE_PAGES', actors.freePageLock),
      requestBitmapMutex: ({ context: { send, actors } }) => send('LOCK_BITMAP', actors.bitmapMutex),
      releaseBitmapMutex: ({ context: { send, actors } }) => send('UNLOCK_BITMAP', actors.bitmapMutex),
      startHints: ({ context: { virtioBalloon } }) => virtioBalloon.hintStatus.set(hintStatuses.START),
      countOff: ({ context: { qemu, ramState, my } }) => {
        if (qemu.bmap.has(my.gfn)) ramState.dirtyPages.set(ramState.dirtyPages.get() - 1);
      },
      clearHintedBit: ({ context: { qemu, my } }) => qemu.bmap.clear(my.gfn),
      resetGfn: ({ context: { my } }) => {
        my.gfn = 0;
      },
    },
    guards: {
      hintsAreRequested: ({ context: { virtioBalloon } }) => virtioBalloon.hintStatus.get() === hintStatuses.REQUESTED,
      hintsHaveStarted: ({ context: { virtioBalloon } }) => virtioBalloon.hintStatus.get() === hintStatuses.START,
    },
  })
  .createMachine({
    id: 'balloon',
    initial: 'idle',
    states: {
      idle: {
        description: 'free_page_vq is empty',
        on: { ANSWER: 'lockToTakeAnswer', HINT: { actions: 'nameFreePage', target: 'queued' } },
      },
      lockToTakeAnswer: {
        description: 'get_free_page_hints: qemu_mutex_lock(&dev->free_page_lock)',
        entry: 'requestFreePageLock',
        on: { FREE_PAGES_LOCKED: 'takeAnswer' },
      },
      takeAnswer: {
        description: 'if (id == dev->free_page_hint_cmd_id) dev->free_page_hint_status = FREE_PAGE_HINT_S_START',
        on: {
          STEP: [
            { guard: 'hintsAreRequested', actions: ['startHints', 'releaseFreePageLock'], target: 'idle' },
            { actions: 'releaseFreePageLock', target: 'idle' },
          ],
        },
      },
      queued: {
        description: 'the guest has named a page: an element waits in free_page_vq',
        on: { STEP: 'lockToTakeHint' },
      },
      lockToTakeHint: {
        description: 'get_free_page_hints: qemu_mutex_lock(&dev->free_page_lock)',
        entry: 'requestFreePageLock',
        on: { FREE_PAGES_LOCKED: 'takeHint' },
      },
      takeHint: {
        description: 'if (dev->free_page_hint_status == FREE_PAGE_HINT_S_START) qemu_guest_free_page_hint(addr, len)',
        on: {
          STEP: [
            { guard: 'hintsHaveStarted', target: 'findBlock' },
            { actions: ['resetGfn', 'releaseFreePageLock'], target: 'idle' },
          ],
        },
      },
      findBlock: {
        description: 'qemu_guest_free_page_hint: block = qemu_ram_block_from_host(addr, false, &offset)',
        on: { STEP: 'lockBitmap' },
      },
      lockBitmap: {
        description: 'qemu_mutex_lock(&ram_state->bitmap_mutex)',
        entry: 'requestBitmapMutex',
        on: { BITMAP_LOCKED: 'clearBit' },
      },
      clearBit: {
        description:
          'ram_state->migration_dirty_pages -= bitmap_count_one_with_offset(...); bitmap_clear(block->bmap, start, npages);',
        on: {
          STEP: {
            actions: ['countOff', 'clearHintedBit', 'resetGfn', 'releaseBitmapMutex', 'releaseFreePageLock'],
            target: 'idle',
          },
        },
      },
    },
  });
