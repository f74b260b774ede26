import { othersSetBits } from '../machines/params.ts';
import { kvm } from '../machines/system.ts';
import type { Property, View } from '../src/model/property.ts';
import type { System } from '../src/model/system.ts';
import type { SystemTypes } from '../src/model/system-types.ts';
import { eachPage } from './each-page.ts';
import { type Calls, type IsLogged, loggedInBitmap, loggedInDirtyBits, migrationCalls } from './logged.ts';

/**
 * A page that changed since its copy is in a bitmap of QEMU, in the snapshot of an ioctl, in the log, or its writer is
 * about to mark it. The last case is the window that correct code has (`kvm_write_guest_page` writes, then marks; so
 * does a device of QEMU).
 */
export const noLostWriteWhere = (
  isLogged: IsLogged,
  { isReported }: Calls = migrationCalls,
  otherLogs = '',
): Property =>
  kvm.properties.always(
    {
      id: 'no-lost-write',
      description: `each write since the last copy of its page is logged${otherLogs}, or its writer is about to log it`,
      each: eachPage,
    },
    (view, gfn) => {
      const { ram, ramList, qemu, params } = view;
      return (
        !ram.stale.has(gfn) ||
        qemu.bmap.has(gfn) ||
        isReported(view, gfn) ||
        (othersSetBits(params) && ramList.dirtyMemory.has(gfn)) ||
        isLogged(view, gfn)
      );
    },
  );

export const noLostWrite = noLostWriteWhere(loggedInBitmap);
export const noLostWriteWithDirtyBits = noLostWriteWhere(loggedInDirtyBits);

/**
 * Returns `no-lost-write` for a system with a log of its own: a write is not lost either if it is there, or about to
 * be. The id stays, as the rule is the same.
 * @param system the system, whose last extension has the log
 * @example
 * const noLostWrite = noLostWriteUnless(withVhost, ({ vhost }, gfn) => vhost.log.has(gfn));
 */
export const noLostWriteUnless = <T extends SystemTypes>(
  { layers }: System<T>,
  isLoggedElsewhere: (view: View<T>, gfn: number) => boolean,
): Property =>
  noLostWriteWhere(
    (view, gfn) => loggedInBitmap(view, gfn) || isLoggedElsewhere(view as unknown as View<T>, gfn),
    migrationCalls,
    `, by KVM or ${layers.at(-1)?.name}`,
  );
