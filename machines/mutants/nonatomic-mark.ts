/**
 * States in which a vCPU marks a page with a load and a store, as `generic___set_le_bit` does in Linux 2.6.37 and `__set_bit_le` in 3.1
 * (`mark_page_dirty`, virt/kvm/kvm_main.c).
 */
export const nonatomicFaultMark = {
  markPageDirty: { on: { STEP: { actions: 'loadDirtyWord', target: 'storeMark' } } },
  storeMark: {
    tags: ['holdsMmuLock', 'usesMemslots'],
    on: { STEP: { actions: ['storeDirtyWord', 'forgetMemslots'], target: 'setSpte' } },
  },
} as const satisfies HostStates;

export const nonatomicEmulatedMark = {
  markWrite: { on: { STEP: { actions: 'loadDirtyWord', target: 'storeWriteMark' } } },
  storeWriteMark: {
    tags: ['usesMemslots'],
    on: {
      STEP: { actions: ['storeDirtyWord', 'noteWriteIsMarked', 'forgetMemslots', 'forgetPage'], target: 'enterGuest' },
    },
  },
} as const satisfies HostStates;

type HostStates = Record<string, { readonly tags?: readonly string[]; readonly on: object }>;
