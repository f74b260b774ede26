import { not } from '../../src/model/machine.ts';
import { step } from '../step.ts';
import { kvmThread } from './kvm-thread.ts';
import { vcpuWithMemslotsSwitch } from './memslots-switch.ts';

/** `if (!test_and_set_bit_le(rel_gfn, memslot->dirty_bitmap)) memslot->nr_dirty_pages++` (Linux 3.3). */
export const nrDirtyPages = kvmThread.implement({
  actions: {
    testAndMarkPageDirty: ({ context: { kvm, cpu, my, me } }) => {
      my.outcome = !kvm.dirtyBitmap(cpu.memslots(me).get()).testAndSet(my.gfn);
    },
    loadCount: ({ context: { kvm, cpu, my, me } }) => {
      my.count = kvm.nrDirtyPages(cpu.memslots(me).get()).get();
    },
    storeCount: ({ context: { kvm, cpu, my, me } }) => {
      kvm.nrDirtyPages(cpu.memslots(me).get()).set(my.count + 1);
      my.count = 0;
      my.outcome = false;
    },
  },
  guards: { bitWasClear: ({ context: { my } }) => my.outcome },
  ghost: {
    testAndMarkPageDirty: ({ context: { cpu, my, me, ghost } }) => {
      ghost.marked(cpu.memslots(me).get()).set(my.gfn);
      if (my.outcome) ghost.unmarked(me).set(my.gfn);
    },
    storeCount: ({ context: { my, me, ghost } }) => ghost.unmarked(me).clear(my.gfn),
  },
});

/**
 * `vcpuWithMemslotsSwitch` of Linux 3.3: `mark_page_dirty_in_slot` sets the bit with `test_and_set_bit_le`, and if it
 * was clear counts the page in `nr_dirty_pages`, with a plain load and store.
 */
export const vcpuThatCounts = vcpuWithMemslotsSwitch.use(nrDirtyPages).extend({
  states: {
    host: {
      states: {
        markPageDirty: { on: step('testAndMarkPageDirty', 'loadCount') },
        loadCount: {
          description: 'if the bit was clear: load memslot->nr_dirty_pages',
          tags: ['holdsMmuLock', 'usesMemslots'],
          always: { guard: not('bitWasClear'), actions: 'resetMemslots', target: 'setSpte' },
          on: step('loadCount', 'storeCount'),
        },
        storeCount: {
          description: 'store memslot->nr_dirty_pages + 1',
          tags: ['holdsMmuLock', 'usesMemslots'],
          on: step(['storeCount', 'resetMemslots'], 'setSpte'),
        },
        markWrite: { on: step('testAndMarkPageDirty', 'loadWriteCount') },
        loadWriteCount: {
          description: 'if the bit was clear: load memslot->nr_dirty_pages',
          tags: ['usesMemslots'],
          always: {
            guard: not('bitWasClear'),
            actions: ['noteWriteIsMarked', 'resetMemslots', 'resetGfn'],
            target: 'enterGuest',
          },
          on: step('loadCount', 'storeWriteCount'),
        },
        storeWriteCount: {
          description: 'store memslot->nr_dirty_pages + 1',
          tags: ['usesMemslots'],
          on: step(['storeCount', 'noteWriteIsMarked', 'resetMemslots', 'resetGfn'], 'enterGuest'),
        },
      },
    },
  },
});
