import { type KvmView, kvm } from '../machines/system.ts';

/** Returns true if one of these writers has written a page that it has not marked yet. */
const isBetween = ({ ghost }: KvmView, writers: readonly number[]): boolean =>
  writers.some((writer) => !ghost.unmarked(writer).isEmpty());

/** Returns true if one of these writers has such a page when it is told to stop. */
const delaysTheStop = (view: KvmView, writers: readonly number[]): boolean =>
  writers.some((writer) => view.posted.VM_STOP.waitsFor(writer) && isBetween(view, [writer]));

const withHostWriters = ({ hostWriters }: { hostWriters: number }) => hostWriters > 0;
const withDevices = ({ devices }: { devices: number }) => devices > 0;

/** Covers of runs with host writers or devices. */
export const writerCovers = [
  kvm.properties.reachable(
    {
      id: 'host-writes-during-ioctl',
      description: 'a host writer wrote a page while GET_DIRTY_LOG or CLEAR_DIRTY_LOG was running',
      where: withHostWriters,
    },
    ({ is, actors }, { actor, actions }) =>
      is.inIoctl.of(actors.getDirtyLog) && actors.hostWriter.includes(actor) && actions.includes('writeGuestPage'),
  ),
  kvm.properties.reachable(
    {
      id: 'host-write-unmarked',
      description: 'GET_DIRTY_LOG returned while a host writer had written a page and not marked it yet',
      where: withHostWriters,
    },
    (view) => view.is.logReturned.of(view.actors.migration) && isBetween(view, view.actors.hostWriter),
  ),
  kvm.properties.reachable(
    {
      id: 'host-write-delays-stop',
      description: 'QEMU waited for a host writer to mark a page before it took the last log',
      where: withHostWriters,
    },
    (view) => delaysTheStop(view, view.actors.hostWriter),
  ),
  kvm.properties.reachable(
    {
      id: 'device-write-unmarked',
      description: 'QEMU took its own bitmap while a device had written a page and not set its bit yet',
      where: withDevices,
    },
    (view, { actions }) => actions.includes('takeDirtyWord') && isBetween(view, view.actors.device),
  ),
  kvm.properties.reachable(
    {
      id: 'device-sets-bit-in-sync',
      description: 'a device set a bit after QEMU had merged the log and before it took the word',
      where: withDevices,
    },
    ({ is, actors }, { actions }) => actions.includes('setDirty') && is.takesDirtyMemory.of(actors.migration),
  ),
  kvm.properties.reachable(
    {
      id: 'device-write-delays-stop',
      description: 'QEMU waited for a device to set a bit before it took the last log',
      where: withDevices,
    },
    (view) => delaysTheStop(view, view.actors.device),
  ),
];

/** Cover of designs that switch the memslots. */
export const hostWriteDelaysSwitch = kvm.properties.reachable(
  {
    id: 'host-write-delays-switch',
    description: 'GET_DIRTY_LOG waited for a host writer to mark a page in the old bitmap',
    where: withHostWriters,
  },
  ({ is, actors }) =>
    is.waitsForGracePeriod.of(actors.getDirtyLog) && actors.hostWriter.some((writer) => is.usesMemslots.of(writer)),
);
