import { bitmap } from '../../src/model/declare.ts';
import { asStore, rendezvous } from '../../src/model/messages.ts';
import type { View } from '../../src/model/property.ts';
import { ghost, owned, type System, type TypesOf } from '../../src/model/system.ts';
import { fifoLock } from '../locks.ts';
import { kvm } from '../system.ts';

const system = kvm.extend({
  name: 'second-collector',
  memory: ({ pages, bitsPerWord }) => ({
    refresh: owned({
      /** the bitmap that GET_DIRTY_LOG of the display refresh copies to */
      userBitmap: bitmap(pages, { bitsPerWord, cold: true }),
    }),
    collectors: ghost({
      /** pages whose bit migration (0) or the refresh (1) took last, in a call that it has not merged yet */
      taken: [0, 1].map(() => bitmap(pages, { bitsPerWord, cold: true })),
    }),
  }),
  messages: {
    /** QEMU's `bql_lock` */
    LOCK_BQL: rendezvous(),
    /** the BQL is held */
    BQL_LOCKED: rendezvous(),
    /** QEMU's `bql_unlock` */
    UNLOCK_BQL: asStore(rendezvous()),
  },
  actors: { display: 'one', displayGet: { some: () => 1, machineOf: 'getDirtyLog' }, bql: 'one' },
  symmetry: { processSets: ['displayGet0.toRequest', 'displayGet0.cpus'] },
});

/** The types of `kvmWithSecondCollector`. */
export interface KvmWithSecondCollector extends TypesOf<typeof system> {}

/**
 * The KVM system with a second thread that takes the log of the slot, for a display refresh. Its designs need the
 * parameter `dirtyMemory`, since both threads set bits in `ram_list.dirty_memory`.
 */
export const kvmWithSecondCollector: System<KvmWithSecondCollector> = system;

/** The state, as properties of this system see it. */
export type SecondCollectorView = View<KvmWithSecondCollector>;

/** QEMU's big lock, where two of its threads take the log: `bql_lock` (system/cpus.c), a mutex. QEMU 10.2. */
export const bql = fifoLock(kvmWithSecondCollector, 'bql', {
  lock: 'LOCK_BQL',
  granted: 'BQL_LOCKED',
  unlock: 'UNLOCK_BQL',
});
