import { manualClear } from '../../../machines/get-dirty-log/manual-clear.ts';
import { ioctl } from '../../../machines/ioctl/ioctl.ts';
import { flushRemoteTlbs } from '../../../machines/ioctl/tlb-flush.ts';
import { step } from '../../../machines/step.ts';

/** What CLEAR_DIRTY_LOG can do next with the one word of its chunk. */
export const clearOperations = ['clear', 'protect', 'flush'] as const;
export type ClearOperation = (typeof clearOperations)[number] | 'lockMmu' | 'unlockMmu';

type States = Record<string, unknown>;

/** Protection of what user space asked for, before or after its bits are cleared. */
const requestedPages = ioctl.implement({
  actions: { maskOfRequest: ({ context: { qemu, my } }) => qemu.userBitmap.loadWord(my.word, my.mask) },
});

/** Returns a CLEAR_DIRTY_LOG, beside the GET_DIRTY_LOG of `manualClear`, that does these operations in this order. */
export function clearDirtyLogInOrder(order: readonly ClearOperation[]) {
  const nameOf = (n: number): string => (n < order.length ? `${order[n]}${n}` : 'returnFromClear');
  const states: States = { lockSlotsToClear: { on: { SLOTS_LOCKED: nameOf(0) } } };
  let locked = false;
  order.forEach((operation, n) => {
    const next = nameOf(n + 1);
    const name = nameOf(n);
    const tags = locked ? ['inIoctl', 'holdsMmuLock'] : ['inIoctl'];
    switch (operation) {
      case 'lockMmu':
        states[name] = { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: next } };
        locked = true;
        break;
      case 'unlockMmu':
        states[name] = { tags, on: step('releaseMmuLock', next) };
        locked = false;
        break;
      case 'clear':
        states[name] = { tags, on: step(['clearWord', 'resetMask'], next) };
        break;
      case 'protect':
        states[name] = { tags, always: { actions: 'maskOfRequest', target: `${name}Page` } };
        states[`${name}Page`] = {
          tags,
          always: { guard: 'maskIsEmpty', target: next },
          on: step('writeProtectPage'),
        };
        break;
      case 'flush':
        states[name] = flushRemoteTlbs(tags, { target: `#get-dirty-log.${next}` });
    }
  });
  // The states have names that are made here, which the types of the builder cannot know.
  return manualClear.use(requestedPages).extend({ states } as never);
}
