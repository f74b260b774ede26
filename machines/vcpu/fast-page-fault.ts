import { not } from '../../src/model/machine.ts';
import { exitIsOneStep, vcpu } from '../vcpu.ts';

/**
 * The vCPU with `fast_page_fault` (arch/x86/kvm/mmu.c, Linux 3.6): a write fault on a page that is only write-protected is mended without
 * `mmu_lock`. The spte is made writable with a cmpxchg, and if that succeeds the page is marked: install, then mark. Where it does not
 * apply (`FIX_SLOWLY`: an indirect shadow page, an spte that is not MMU-writable) the slow path under `mmu_lock` does the work.
 */
export const vcpuWithFastPageFault = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'spteAllowsWrite', actions: 'fillTlb' },
          {
            actions: ['exitForPage', 'leaveGuestMode'],
            target: 'host.walkShadowPage',
            meta: { coarse: exitIsOneStep },
          },
        ],
      },
    },
    host: {
      states: {
        walkShadowPage: {
          on: {
            STEP: [{ guard: 'spteIsWritable', actions: 'forgetPage', target: 'enterGuest' }, { target: 'cmpxchgSpte' }],
            FIX_SLOWLY: 'lockMmu',
          },
        },
        cmpxchgSpte: { on: { STEP: { actions: 'cmpxchgSpteWritable', target: 'readMemslotsAfterwards' } } },
        readMemslotsAfterwards: {
          always: [
            { guard: not('bitWasClear'), actions: 'forgetPage', target: 'enterGuest' },
            { guard: 'memslotsStay', target: 'markAfterwards' },
          ],
          on: { STEP: { actions: 'readMemslots', target: 'markAfterwards' } },
        },
        markAfterwards: {
          tags: ['usesMemslots'],
          always: {
            guard: 'slotDoesNotLog',
            actions: ['noteWriteIsMarked', 'forgetOutcome', 'forgetMemslots', 'forgetPage'],
            target: 'enterGuest',
          },
          on: {
            STEP: {
              actions: ['markPageDirty', 'noteWriteIsMarked', 'forgetOutcome', 'forgetMemslots', 'forgetPage'],
              target: 'enterGuest',
            },
          },
        },
      },
    },
  },
});
