import { atomicBitmap } from '../properties/atomic-bitmap.ts';
import { covers } from '../properties/covers.ts';
import { finalImage } from '../properties/final-image.ts';
import { gracePeriod } from '../properties/grace-period.ts';
import { loggedOrProtected } from '../properties/logged-or-protected.ts';
import { mutualExclusion } from '../properties/mutual-exclusion.ts';
import { noDeadlock } from '../properties/no-deadlock.ts';
import { noLostWrite } from '../properties/no-lost-write.ts';
import { protectedOnReturn } from '../properties/protected-on-return.ts';
import { snapshotIsComplete } from '../properties/snapshot-is-complete.ts';
import { defineDesign } from '../src/model/design.ts';
import { destination } from './destination.ts';
import { rmapXchg as getDirtyLogByRmapXchg } from './get-dirty-log/rmap-xchg.ts';
import { srcuSwitch as getDirtyLogBySrcuSwitch } from './get-dirty-log/srcu-switch.ts';
import { migration } from './migration.ts';
import { mmuLock } from './mmu-lock.ts';
import { srcu } from './srcu.ts';
import { kvm } from './system.ts';
import { vcpu, vcpuInSrcu } from './vcpu.ts';

const properties = [
  finalImage,
  noLostWrite,
  loggedOrProtected,
  snapshotIsComplete,
  atomicBitmap,
  protectedOnReturn,
  mutualExclusion,
  noDeadlock,
  ...covers,
];

const actors = { vcpu, mmuLock, srcu, migration, destination };

/** GET_DIRTY_LOG with xchg and rmap, no switch of the memslots. */
export const rmapXchg = defineDesign({
  id: 'rmap-xchg',
  title: 'xchg per word, write protection through rmap, one hold of mmu_lock',
  source: {
    version: 'Linux 3.5 and 3.6',
    commit: '60c34612b707',
    functions: ['kvm_vm_ioctl_get_dirty_log', 'kvm_mmu_write_protect_pt_masked', 'kvm_flush_remote_tlbs'],
  },
  system: kvm,
  machines: { ...actors, getDirtyLog: getDirtyLogByRmapXchg },
  properties,
});

/** GET_DIRTY_LOG with a switch of the memslots under SRCU and a walk over all shadow pages. */
export const srcuSwitch = defineDesign({
  id: 'srcu-switch',
  title: 'memslots switched under SRCU, then a walk over all shadow pages under mmu_lock',
  source: {
    version: 'Linux 2.6.37 to 3.1',
    commit: 'edde99ce0529',
    functions: ['kvm_vm_ioctl_get_dirty_log', 'kvm_mmu_slot_remove_write_access', 'synchronize_srcu_expedited'],
  },
  system: kvm,
  machines: { ...actors, vcpu: vcpuInSrcu, getDirtyLog: getDirtyLogBySrcuSwitch },
  properties: [...properties, gracePeriod],
});

/** Every shipped design, oldest first. */
export const designs = [srcuSwitch, rmapXchg];
