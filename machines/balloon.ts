import { index } from '../src/model/declare.ts';
import { hintStatuses, kvm } from './system.ts';

/**
 * virtio-balloon with free page hints (hw/virtio/virtio-balloon.c, QEMU 10.2; c13c4153f76d, QEMU 4.0): the driver in the guest, and the I/O thread of
 * QEMU that takes what it says. The guest answers a request with the id of the command, and then names free pages, one element of the virtqueue
 * after the other (here at most one waits); from then on it does not care what such a page holds until it writes it. The I/O thread takes an element
 * under `free_page_lock` (`get_free_page_hints`). A hint counts only when the answer to the latest request came before it; then
 * `qemu_guest_free_page_hint` (migration/ram.c) clears the bit of the page, which need not be sent, and counts it off, under `bitmap_mutex`.
 */
export const balloon = kvm
  .actor({
    events: {
      STEP: {},
      ANSWER: { optional: true },
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
      requestFreePageLock: ({ context: { send, actors } }) => send('LOCK_FREE_PAGES', actors.freePageLock[0] as number),
      releaseFreePageLock: ({ context: { send, actors } }) =>
        send('UNLOCK_FREE_PAGES', actors.freePageLock[0] as number),
      requestBitmapMutex: ({ context: { send, actors } }) => send('LOCK_BITMAP', actors.bitmapMutex[0] as number),
      releaseBitmapMutex: ({ context: { send, actors } }) => send('UNLOCK_BITMAP', actors.bitmapMutex[0] as number),
      startHints: ({ context: { qemu } }) => qemu.hintStatus.set(hintStatuses.START),
      countOff: ({ context: { qemu, my } }) => {
        if (qemu.bmap.has(my.gfn)) qemu.dirtyPages.set(qemu.dirtyPages.get() - 1);
      },
      clearHintedBit: ({ context: { qemu, my } }) => qemu.bmap.clear(my.gfn),
      resetGfn: ({ context: { my } }) => {
        my.gfn = 0;
      },
    },
    guards: {
      hintsAreRequested: ({ context: { qemu } }) => qemu.hintStatus.get() === hintStatuses.REQUESTED,
      hintsHaveStarted: ({ context: { qemu } }) => qemu.hintStatus.get() === hintStatuses.START,
    },
  })
  .createMachine({
    id: 'balloon',
    initial: 'idle',
    states: {
      idle: { on: { ANSWER: 'lockToTakeAnswer', HINT: { actions: 'nameFreePage', target: 'queued' } } },
      lockToTakeAnswer: { entry: 'requestFreePageLock', on: { FREE_PAGES_LOCKED: 'takeAnswer' } },
      takeAnswer: {
        on: {
          STEP: [
            { guard: 'hintsAreRequested', actions: ['startHints', 'releaseFreePageLock'], target: 'idle' },
            { actions: 'releaseFreePageLock', target: 'idle' },
          ],
        },
      },
      queued: { on: { STEP: 'lockToTakeHint' } },
      lockToTakeHint: { entry: 'requestFreePageLock', on: { FREE_PAGES_LOCKED: 'takeHint' } },
      takeHint: {
        on: {
          STEP: [
            { guard: 'hintsHaveStarted', target: 'findBlock' },
            { actions: ['resetGfn', 'releaseFreePageLock'], target: 'idle' },
          ],
        },
      },
      findBlock: { on: { STEP: 'lockBitmap' } },
      lockBitmap: { entry: 'requestBitmapMutex', on: { BITMAP_LOCKED: 'clearBit' } },
      clearBit: {
        on: {
          STEP: {
            actions: ['countOff', 'clearHintedBit', 'resetGfn', 'releaseBitmapMutex', 'releaseFreePageLock'],
            target: 'idle',
          },
        },
      },
    },
  });
