import { kvmWithSharedClear } from '../machines/shared-clear/system.ts';

const { reachable } = kvmWithSharedClear.properties;

/** Covers of designs whose CLEAR_DIRTY_LOG and fault handlers change ptes at the same time. */
export const sharedClearCovers = [
  reachable(
    { id: 'installed-during-clear', description: 'a fault made a page writable while CLEAR_DIRTY_LOG shared mmu_lock' },
    ({ is, actors, registers }, { actor, actions }) =>
      actions.includes('cmpxchgPteWritable') && registers(actor).outcome && is.sharesMmuLock.of(actors.getDirtyLog),
  ),
  reachable(
    { id: 'fault-fails', description: 'the cmpxchg of a write fault failed, since the pte had changed' },
    ({ registers }, { actor, actions }) => actions.includes('cmpxchgPteWritable') && !registers(actor).outcome,
  ),
  reachable(
    {
      id: 'protection-fails',
      description: 'the cmpxchg of CLEAR_DIRTY_LOG failed, since the pte had changed',
      where: ({ bitsPerWord }) => bitsPerWord === 1,
    },
    ({ actors, registers }, { actions }) =>
      actions.includes('cmpxchgPteReadOnly') && !registers(actors.getDirtyLog).mask.isEmpty(),
  ),
];
