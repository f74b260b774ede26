import { getBreaks } from '../../properties/covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import {
  lockBreakLateFlush as getDirtyLogByLateFlush,
  lockBreak as getDirtyLogByLockBreak,
} from '../get-dirty-log/lock-break.ts';
import { setMemoryRegionLateFlush, setMemoryRegionWithBreaks } from '../set-memory-region.ts';
import { kvm } from '../system.ts';
import { actors, contended, properties } from './common.ts';

/** GET_DIRTY_LOG with xchg and rmap that releases mmu_lock between two words, and flushes before. */
export const lockBreak = defineDesign({
  id: 'lock-break',
  title: 'rmap-xchg that releases mmu_lock between words, with a flush at each break',
  source: { version: 'the break of Linux 3.11', functions: ['kvm_mmu_slot_remove_write_access', 'cond_resched_lock'] },
  system: kvm,
  machines: { ...actors, setMemoryRegion: setMemoryRegionWithBreaks, getDirtyLog: getDirtyLogByLockBreak },
  properties: [...properties, getBreaks],
  params: { bitsPerWord: 1 },
  livenessParams: contended,
});

/** lock-break with one flush after the last unlock. */
export const lockBreakLateFlush = defineDesign({
  id: 'lock-break-late-flush',
  title: 'rmap-xchg that releases mmu_lock between words, with one flush after the last unlock',
  source: {
    version: 'the break of Linux 3.16',
    commit: '198c74f43f0f',
    functions: ['kvm_mmu_slot_remove_write_access', 'cond_resched_lock', 'kvm_flush_remote_tlbs'],
  },
  system: kvm,
  machines: { ...actors, setMemoryRegion: setMemoryRegionLateFlush, getDirtyLog: getDirtyLogByLateFlush },
  properties: [...properties, getBreaks],
  params: { bitsPerWord: 1 },
  livenessParams: contended,
});
