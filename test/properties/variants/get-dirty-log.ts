import { bitmapScan, getDirtyLogCall, xchgSnapshot } from '../../../machines/ioctl/dirty-bitmap.ts';
import { ioctl } from '../../../machines/ioctl/ioctl.ts';
import { mmuLocking, slotsLocking } from '../../../machines/ioctl/locks.ts';
import { rmapWriteProtect, spteWalk } from '../../../machines/ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from '../../../machines/ioctl/tlb-flush.ts';
import { step } from '../../../machines/step.ts';

/**
 * What GET_DIRTY_LOG can do next. `take`: an xchg of each word. `protect`: the pages of the snapshot, through their
 * rmap; `protectAll`: all pages, so that it can come before `take`. `takeAndProtect`: word by word, each taken and then
 * protected; `breakAndTakeOn`: the same with `mmu_lock` released and taken again after each word. `copy`: copy_to_user.
 * `return`: user space goes on, even if the thread has something left to do.
 */
export type Operation =
  | 'lockMmu'
  | 'unlockMmu'
  | 'take'
  | 'protect'
  | 'protectAll'
  | 'takeAndProtect'
  | 'takeAndProtectWithBreaks'
  | 'flush'
  | 'copy'
  | 'return';

/** The snapshot is kept until the call ends, since its pages may be protected after the copy. */
const snapshotKept = ioctl.implement({
  actions: {
    maskOfSnapshot: ({ context: { ioctl, my } }) => ioctl.snapshot.loadWord(my.word, my.mask),
    copySnapshot: ({ context: { qemu, ioctl } }) => qemu.userBitmap.copyFrom(ioctl.snapshot),
    resetSnapshot: ({ context: { ioctl, my } }) => {
      ioctl.snapshot.fill(false);
      my.flush = false;
    },
  },
});

const parts = ioctl.use(
  getDirtyLogCall,
  slotsLocking,
  mmuLocking,
  bitmapScan,
  xchgSnapshot,
  snapshotKept,
  rmapWriteProtect,
  spteWalk,
  tlbFlush,
);

type States = Record<string, unknown>;

/** Returns the states of one operation, the first of which is called `name`. */
function statesOf(operation: Operation, name: string, tags: readonly string[], next: string): States {
  switch (operation) {
    case 'lockMmu':
      return {
        [name]: { tags: [...tags, 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: next } },
      };
    case 'unlockMmu':
      return { [name]: { tags, on: step('releaseMmuLock', next) } };
    case 'take':
      return {
        [name]: {
          tags,
          always: { guard: 'scannedAllWords', actions: 'resetWord', target: next },
          on: step(['xchgDirtyWord', 'resetMask', 'nextWord']),
        },
      };
    case 'protect':
      return {
        [name]: {
          tags,
          always: [
            { guard: 'scannedAllWords', actions: 'resetWord', target: next },
            { actions: 'maskOfSnapshot', target: `${name}Page` },
          ],
        },
        [`${name}Page`]: {
          tags,
          always: { guard: 'maskIsEmpty', actions: 'nextWord', target: name },
          on: step('writeProtectPage'),
        },
      };
    case 'protectAll':
      return {
        [name]: {
          tags,
          always: { guard: 'walkedAllPages', actions: 'resetWalk', target: next },
          on: step('dropWritableSpte'),
        },
      };
    case 'takeAndProtect':
    case 'takeAndProtectWithBreaks': {
      const breaks = operation === 'takeAndProtectWithBreaks';
      return {
        [name]: {
          tags,
          always: { guard: 'scannedAllWords', actions: 'resetWord', target: next },
          on: step('xchgDirtyWord', `${name}Page`),
        },
        [`${name}Page`]: {
          tags,
          always: breaks
            ? { guard: 'maskIsEmpty', actions: ['nextWord', 'releaseMmuLock'], target: `${name}Break` }
            : { guard: 'maskIsEmpty', actions: 'nextWord', target: name },
          on: step('writeProtectPage'),
        },
        ...(breaks && {
          [`${name}Break`]: {
            tags: ['inIoctl', 'waitsForMmuLock'],
            entry: 'requestMmuLock',
            on: { LOCK_GRANTED: name },
          },
        }),
      };
    }
    case 'flush':
      return { [name]: flushRemoteTlbs(tags, { target: `#get-dirty-log.${next}` }) };
    case 'copy':
      return { [name]: { tags, on: step('copySnapshot', next) } };
    case 'return':
      return { [name]: { tags, on: step('returnToUser', next) } };
  }
}

/**
 * Returns a GET_DIRTY_LOG that does these operations in this order, under `slots_lock`. `return` at the end is the
 * step that releases it.
 */
export function getDirtyLogInOrder(order: readonly Operation[]) {
  const last = order.at(-1) === 'return';
  const operations = last ? order.slice(0, -1) : order;
  const nameOf = (n: number): string => (n < operations.length ? `${operations[n]}${n}` : 'end');
  let states: States = {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } } },
    lockSlots: {
      tags: ['inIoctl', 'waitsForSlotsLock'],
      entry: 'requestSlotsLock',
      on: { SLOTS_LOCKED: nameOf(0) },
    },
    end: {
      tags: ['inIoctl'],
      on: step(['resetSnapshot', 'releaseSlotsLock', ...(last ? ['returnToUser'] : [])], 'inUserspace'),
    },
  };
  let locked = false;
  operations.forEach((operation, n) => {
    if (operation === 'unlockMmu') locked = true;
    const tags = locked ? ['inIoctl', 'holdsMmuLock'] : ['inIoctl'];
    states = { ...states, ...statesOf(operation, nameOf(n), tags, nameOf(n + 1)) };
    if (operation === 'lockMmu') locked = true;
    if (operation === 'unlockMmu') locked = false;
  });
  // The states have names that are made here, which the types of the builder cannot know.
  return parts.createMachine({ id: 'get-dirty-log', initial: 'inUserspace', states } as never);
}
