import { not } from '../../src/model/machine.ts';
import { vcpuWithMemslotsSwitch } from './memslots-switch.ts';

/**
 * The vCPU of Linux 3.3: `mark_page_dirty_in_slot` sets the bit with `test_and_set_bit_le`, and if it was clear counts the page in
 * `nr_dirty_pages`, with a plain load and store.
 */
export const vcpuThatCounts = vcpuWithMemslotsSwitch.extend({
  states: {
    host: {
      states: {
        markPageDirty: { on: { STEP: { actions: 'testAndMarkPageDirty', target: 'loadCount' } } },
        loadCount: {
          tags: ['holdsMmuLock', 'usesMemslots'],
          always: { guard: not('bitWasClear'), actions: 'forgetMemslots', target: 'setSpte' },
          on: { STEP: { actions: 'loadCount', target: 'storeCount' } },
        },
        storeCount: {
          tags: ['holdsMmuLock', 'usesMemslots'],
          on: { STEP: { actions: ['storeCount', 'forgetMemslots'], target: 'setSpte' } },
        },
        markWrite: { on: { STEP: { actions: 'testAndMarkPageDirty', target: 'loadWriteCount' } } },
        loadWriteCount: {
          tags: ['usesMemslots'],
          always: {
            guard: not('bitWasClear'),
            actions: ['noteWriteIsMarked', 'forgetMemslots', 'forgetPage'],
            target: 'enterGuest',
          },
          on: { STEP: { actions: 'loadCount', target: 'storeWriteCount' } },
        },
        storeWriteCount: {
          tags: ['usesMemslots'],
          on: {
            STEP: {
              actions: ['storeCount', 'noteWriteIsMarked', 'forgetMemslots', 'forgetPage'],
              target: 'enterGuest',
            },
          },
        },
      },
    },
  },
});
