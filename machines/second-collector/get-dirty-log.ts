import type { rmapXchg } from '../get-dirty-log/rmap-xchg.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { kvmWithSecondCollector } from './system.ts';

const ioctlOfTwo = kvmWithSecondCollector.extendActor(ioctl);

/** Returns which caller it is: 0 for the migration thread, 1 for the display refresh. */
const callerOf = ({ me, actors }: { readonly me: number; readonly actors: { readonly getDirtyLog: number } }): 0 | 1 =>
  me === actors.getDirtyLog ? 0 : 1;

/**
 * Returns a machine of GET_DIRTY_LOG that two threads call: it returns to its caller, and copies to the bitmap of its
 * caller.
 */
export const calledByTwo = (getDirtyLog: typeof rmapXchg): typeof rmapXchg =>
  getDirtyLog.as(ioctlOfTwo).extend({
    actions: {
      returnToUser: ({ context }) =>
        context.send('DIRTY_LOG', callerOf(context) === 0 ? context.actors.migration : context.actors.display),
      copyToUser: ({ context }) => {
        const { qemu, refresh, ioctl, my } = context;
        (callerOf(context) === 0 ? qemu.userBitmap : refresh.userBitmap).copyFrom(ioctl.snapshot);
        ioctl.snapshot.fill(false);
        my.flush = false;
      },
    },
    ghost: {
      /** What the other call has taken, that of the migration thread need not find. */
      startIoctl: ({ context }) => {
        const { ghost, refresh, ioctl } = context;
        if (callerOf(context) !== 0) return;
        ghost.due.andNotFrom(refresh.userBitmap);
        ghost.due.andNotFrom(ioctl.snapshot);
      },
      xchgDirtyWord: ({ context }) => {
        const { my, collectors } = context;
        const caller = callerOf(context);
        collectors.taken(caller).orWord(my.word, my.mask);
        collectors.taken(1 - caller).andNotWord(my.word, my.mask);
      },
    },
  });
