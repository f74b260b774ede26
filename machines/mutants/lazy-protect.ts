import { defineMutant } from '../../src/model/define-design.ts';
import { or } from '../../src/model/machine.ts';
import { lazyProtect as design } from '../designs/index.ts';
import { lazyProtect as getDirtyLog } from '../get-dirty-log/lazy-protect.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { flushRemoteTlbs, requestIsOneStep } from '../ioctl/tlb-flush.ts';
import { step } from '../step.ts';
import { entryIsOneStep } from '../vcpu/guest.ts';
import { kvmThread } from '../vcpu/kvm-thread.ts';
import { checkRequest, vcpuLazy } from '../vcpu/lazy-protect.ts';
import { flushNotAwaited } from './flush.ts';

const oneSpte = kvmThread.implement({
  actions: {
    protectOneSpte: ({ context: { kvm, mmu, my } }) => {
      kvm.spteWritable.clear(my.gfn);
      mmu.possibleWritable.clear(my.gfn);
    },
  },
});

const skipping = ioctl.implement({
  actions: { skipVcpu: ({ context: { my }, event }) => my.toRequest.clear(event.vcpu) },
});

const entryBeforeTable = defineMutant(design, 'entry-before-table', {
  bug: 'a write fault makes the entry of the root writable first, and then the sptes of its table read-only',
  breaks: 'protected-below',
  machines: {
    vcpu: vcpuLazy.extend({
      states: {
        host: {
          states: {
            walkRoot: {
              always: [{ guard: 'rootEntryIsWritable', target: 'markPageDirty' }, { target: 'setRootEntryWritable' }],
            },
            setRootEntryWritable: { on: step('setRootEntryWritable', 'protectTable') },
            protectTable: {
              always: { guard: 'tableIsReadOnly', actions: 'noteTableProtected', target: 'markPageDirty' },
            },
          },
        },
      },
    }),
  },
});

const oneSpteProtected = defineMutant(design, 'one-spte-protected', {
  bug: 'a write fault makes only the spte of its own page read-only before it makes the entry of the root writable',
  breaks: 'logged-or-protected',
  params: { vcpus: 1, pages: 2, pagesPerTable: 2 },
  machines: {
    vcpu: vcpuLazy.use(oneSpte).extend({
      states: {
        host: {
          states: {
            walkRoot: {
              always: [{ guard: 'rootEntryIsWritable', target: 'markPageDirty' }, { target: 'protectTable' }],
            },
            protectTable: {
              always: [],
              on: step(['protectOneSpte', 'noteTableProtected'], 'setRootEntryWritable'),
            },
          },
        },
      },
    }),
  },
});

const possibleWritableMissed = defineMutant(design, 'possible-writable-missed', {
  bug: 'an spte is made writable and not noted in possible_writable_spte_bitmap, so that it is never protected again',
  breaks: 'logged-or-protected',
  params: { vcpus: 1, pages: 2, pagesPerTable: 2 },
  machines: {
    vcpu: vcpuLazy.extend({
      states: {
        host: {
          states: {
            setSpte: {
              on: step(['setSpteWritable', 'resetGfn', 'releaseMmuLock'], 'enterGuest'),
            },
          },
        },
      },
    }),
  },
});

const rootKept = defineMutant(design, 'root-kept', {
  bug: 'a vCPU that reloads finds its old root and takes it as it is, without a look at its generation',
  breaks: 'protected-on-return',
  machines: {
    vcpu: vcpuLazy.extend({
      states: {
        host: {
          states: {
            protectRoot: {
              always: { actions: ['resetOutcome', 'flushOnLoad', 'releaseMmuLock'], target: 'enterGuest' },
              on: { STEP: [] },
            },
          },
        },
      },
    }),
  },
});

const noFlushOnLoad = defineMutant(design, 'no-flush-on-load', {
  bug: 'a vCPU loads the root and keeps what is in its TLB',
  breaks: 'protected-on-return',
  machines: {
    vcpu: vcpuLazy.extend({
      states: {
        host: {
          states: {
            protectRoot: {
              always: {
                guard: or(['rootWasCurrent', 'rootIsReadOnly']),
                actions: ['resetOutcome', 'releaseMmuLock'],
                target: 'enterGuest',
              },
            },
          },
        },
      },
    }),
  },
});

const generationCheckedUnlocked = defineMutant(design, 'generation-checked-unlocked', {
  bug: 'the generation of the root is compared and recorded before mmu_lock is taken to protect the root',
  breaks: 'protected-on-return',
  machines: {
    vcpu: vcpuLazy.extend({
      states: {
        host: {
          states: {
            enterGuest: {
              on: {
                STEP: [
                  {
                    guard: 'mmuReloadRequested',
                    actions: 'takeReloadRequest',
                    target: 'loadRoot',
                    meta: { coarse: checkRequest },
                  },
                  { actions: 'enterGuestMode', target: '#vcpu.inGuest', meta: { coarse: entryIsOneStep } },
                ],
              },
            },
            loadRoot: {
              tags: ['loadsRoot'],
              on: step('recordGeneration', 'rootIsLoaded'),
            },
            rootIsLoaded: {
              tags: ['loadsRoot'],
              always: [
                { guard: 'rootWasCurrent', actions: ['resetOutcome', 'flushOnLoad'], target: 'enterGuest' },
                { target: 'lockMmuToLoadRoot' },
              ],
            },
            lockMmuToLoadRoot: { on: { LOCK_GRANTED: 'protectRoot' } },
          },
        },
      },
    }),
  },
});

const snapshotAfterGeneration = defineMutant(design, 'snapshot-after-reload', {
  bug: 'the generation is raised and the vCPUs reload first, and the bitmap is taken afterwards (M6)',
  breaks: 'logged-or-protected',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        lockSlots: { on: { SLOTS_LOCKED: 'nextGeneration' } },
        loadWord: { always: { guard: 'scannedAllWords', actions: 'resetWord', target: 'copyToUser' } },
        reloadRemoteMmus: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.loadWord' }, 'makeReloadRequest'),
      },
    }),
  },
});

const requestBeforeGeneration = defineMutant(design, 'request-before-generation', {
  bug: 'the vCPUs are told to reload first, and then the generation is raised',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        loadWord: {
          always: [
            { guard: 'scannedAllCleanWords', actions: 'resetWord', target: 'copyToUser' },
            { guard: 'scannedAllWords', actions: 'resetWord', target: 'reloadRemoteMmus' },
          ],
        },
        reloadRemoteMmus: flushRemoteTlbs(
          ['inIoctl'],
          { target: '#get-dirty-log.nextGeneration' },
          'makeReloadRequest',
        ),
        nextGeneration: { on: step('nextGeneration', 'copyToUser') },
      },
    }),
  },
});

const reloadNotAwaited = defineMutant(design, 'reload-not-awaited', {
  bug: 'the vCPUs are told to reload, and GET_DIRTY_LOG does not wait until they have left the guest',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        reloadRemoteMmus: flushNotAwaited({ target: '#get-dirty-log.copyToUser' }),
      },
    }),
  },
});

const onlyInGuest = defineMutant(design, 'request-in-guest-only', {
  bug: 'only vCPUs in guest mode are told to reload; the others enter with the old root',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.use(skipping).extend({
      states: {
        reloadRemoteMmus: {
          states: {
            makeRequests: {
              on: {
                MAKE_REQUEST: [
                  {
                    guard: 'notYetRequestedInGuest',
                    actions: ['makeReloadRequest', 'addToCpus'],
                    target: 'makeRequests',
                    meta: { coarse: requestIsOneStep },
                  },
                  { guard: 'notYetRequested', actions: 'skipVcpu', target: 'makeRequests' },
                ],
              },
            },
          },
        },
      },
    }),
  },
});

/** Bugs put back into `lazy-protect`. */
export const lazyProtectMutants = [
  entryBeforeTable,
  oneSpteProtected,
  possibleWritableMissed,
  rootKept,
  noFlushOnLoad,
  generationCheckedUnlocked,
  snapshotAfterGeneration,
  requestBeforeGeneration,
  reloadNotAwaited,
  onlyInGuest,
];
