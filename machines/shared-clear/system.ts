import { bitmap } from '../../src/model/declare.ts';
import { type System, shared, type TypesOf } from '../../src/model/system.ts';
import { kvm } from '../system.ts';

const system = kvm.extend({
  name: 'shared-clear',
  memory: ({ pages }) => ({
    stage2: shared({
      /**
       * `KVM_PTE_LEAF_ATTR_HI_S2_XN` of the stage-2 pte of each page, inverted: another bit of the word that has the W
       * bit, so that a cmpxchg of that word fails when this bit has changed
       */
      executable: bitmap(pages, { bitsPerWord: 1 }),
    }),
  }),
});

/** The types of `kvmWithSharedClear`. */
export interface KvmWithSharedClear extends TypesOf<typeof system> {}

/**
 * The KVM system where the other bits of a pte matter: fault handlers and CLEAR_DIRTY_LOG change one pte at the same
 * time, each by a cmpxchg of the whole word.
 */
export const kvmWithSharedClear: System<KvmWithSharedClear> = system;

/** Why a step reads or compares both bits. */
export const onePte =
  'the W bit and the XN bit are bits of one word, which is loaded, or compared and exchanged, at once';
