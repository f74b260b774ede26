import { kvm } from './system.ts';

/**
 * The main loop of QEMU that refreshes a display: it takes the log of the slot that holds the frame buffer, and merges it into the bitmap of
 * every client, so also into that of migration (`memory_region_snapshot_and_clear_dirty`, `kvm_log_sync`,
 * `cpu_physical_memory_set_dirty_lebitmap`; QEMU 10.2). It holds the BQL all the while. What it draws is left out.
 */
export const display = kvm
  .actor({ events: { STEP: {}, REFRESH: { optional: true } } })
  .setup({
    actions: {
      requestBql: ({ context: { send, actors } }) => send('LOCK_BQL', actors.bql[0] as number),
      releaseBql: ({ context: { send, actors } }) => send('UNLOCK_BQL', actors.bql[0] as number),
      callGetDirtyLog: ({ context: { send, actors } }) => send('GET_DIRTY_LOG', actors.displayGet[0] as number),
      mergeRefresh: ({ context: { ram, qemu, ghost } }) => {
        qemu.bmap.orFrom(qemu.refreshBitmap);
        ram.stale.orFrom(qemu.refreshBitmap);
        qemu.refreshBitmap.fill(false);
        ghost.taken(1).fill(false);
      },
    },
  })
  .createMachine({
    id: 'display',
    initial: 'waiting',
    states: {
      waiting: { on: { REFRESH: 'lockBql' } },
      lockBql: { entry: 'requestBql', on: { BQL_LOCKED: 'syncing' } },
      syncing: { entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'merging' } },
      merging: {
        tags: ['logReturned'],
        on: { STEP: { actions: ['mergeRefresh', 'releaseBql'], target: 'waiting' } },
      },
    },
  });
