import { step } from '../step.ts';
import { kvmThread } from '../vcpu/kvm-thread.ts';

/** A mark with a load and a store of the word. */
export const loadStoreMark = kvmThread.implement({
  actions: {
    loadDirtyWord: ({ context: { kvm, cpu, my, me } }) => {
      const dirtyBitmap = kvm.dirtyBitmap(cpu.memslots(me).get());
      dirtyBitmap.loadWord(dirtyBitmap.wordOf(my.gfn), my.loaded);
    },
    storeDirtyWord: ({ context: { kvm, cpu, my, me, params } }) => {
      const dirtyBitmap = kvm.dirtyBitmap(cpu.memslots(me).get());
      my.loaded.set(my.gfn % params.bitsPerWord);
      dirtyBitmap.setWord(dirtyBitmap.wordOf(my.gfn), my.loaded);
      my.loaded.fill(false);
    },
  },
  ghost: {
    storeDirtyWord: ({ context: { cpu, my, me, ghost } }) => ghost.marked(cpu.memslots(me).get()).set(my.gfn),
  },
});

/**
 * States in which a vCPU marks a page with a load and a store, as `generic___set_le_bit` does in Linux 2.6.37 and
 * `__set_bit_le` in 3.1 (`mark_page_dirty`, virt/kvm/kvm_main.c).
 */
export const nonatomicFaultMark = {
  markPageDirty: { on: step('loadDirtyWord', 'storeMark') },
  storeMark: {
    tags: ['holdsMmuLock', 'usesMemslots'],
    on: step(['storeDirtyWord', 'resetMemslots'], 'setSpte'),
  },
} as const;

export const nonatomicEmulatedMark = {
  markWrite: { on: step('loadDirtyWord', 'storeWriteMark') },
  storeWriteMark: {
    tags: ['usesMemslots'],
    on: step(['storeDirtyWord', 'noteWriteIsMarked', 'resetMemslots', 'resetGfn'], 'enterGuest'),
  },
} as const;
