import { step } from '../../../machines/step.ts';
import { vcpu } from '../../../machines/vcpu.ts';

/** What a write fault can do next: mark the page in the bitmap, install its spte, and both with `mmu_lock` or not. */
export type FaultOperation = 'lockMmu' | 'unlockMmu' | 'mark' | 'install';

type States = Record<string, unknown>;

/** Returns a vCPU whose write faults do these operations in this order. */
export function vcpuInOrder(order: readonly FaultOperation[]) {
  const nameOf = (n: number): string => (n < order.length ? `${order[n]}${n}` : 'endFault');
  let states: States = {
    lockMmu: { entry: [], tags: [], always: nameOf(0) },
    endFault: { always: { actions: 'resetGfn', target: 'enterGuest' } },
  };
  let locked = false;
  order.forEach((operation, n) => {
    const next = nameOf(n + 1);
    const tags = locked ? ['holdsMmuLock'] : [];
    const name = nameOf(n);
    if (operation === 'lockMmu') {
      states[name] = { tags: ['waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: next } };
      locked = true;
    } else if (operation === 'unlockMmu') {
      states[name] = { tags, on: step('releaseMmuLock', next) };
      locked = false;
    } else if (operation === 'install') {
      states[name] = { tags, on: step('setSpteWritable', next) };
    } else {
      states = {
        ...states,
        [name]: { tags, on: step('readMemslots', `${name}InSlot`) },
        [`${name}InSlot`]: {
          tags: [...tags, 'usesMemslots'],
          always: { guard: 'slotDoesNotLog', actions: 'resetMemslots', target: next },
          on: step(['markPageDirty', 'resetMemslots'], next),
        },
      };
    }
  });
  // The states have names that are made here, which the types of the builder cannot know.
  return vcpu.extend({ states: { host: { states } } } as never);
}
