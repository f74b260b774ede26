import type { SecondCollectorView } from '../machines/second-collector/system.ts';
import type { KvmView } from '../machines/system.ts';
import type { Property } from '../src/model/property.ts';
import { ioctlReturnsFor, lockIsGrantedTo } from './liveness.ts';
import { type Calls, loggedInBitmapOr } from './logged.ts';
import { loggedOrProtectedWhere } from './logged-or-protected.ts';
import { noLostWriteWhere } from './no-lost-write.ts';
import { isProtected, protectedOnReturnWhere } from './protected-on-return.ts';

const viewOf = (view: KvmView): SecondCollectorView => view as unknown as SecondCollectorView;

const callOfRefresh = (view: SecondCollectorView): number => view.actors.displayGet[0] as number;

const isRefreshUnderWay = (view: SecondCollectorView): boolean =>
  view.is.inIoctl.of(callOfRefresh(view)) && !view.is.logReturned.of(view.actors.display);

const isMigrationUnderWay = ({ is, actors }: KvmView): boolean =>
  is.inIoctl.of(actors.getDirtyLog) && !is.logReturned.of(actors.migration);

/** The calls of two threads: each is responsible for the bits that it took last. */
const callsOfTwo: Calls = {
  isAnyUnderWay: (view) => isMigrationUnderWay(view) || isRefreshUnderWay(viewOf(view)),
  isReported: (view, gfn) => view.qemu.userBitmap.has(gfn) || viewOf(view).refresh.userBitmap.has(gfn),
  isBeingReported: (view, gfn) => {
    const { collectors } = viewOf(view);
    return (
      (collectors.taken(0).has(gfn) && isMigrationUnderWay(view)) ||
      (collectors.taken(1).has(gfn) && isRefreshUnderWay(viewOf(view)))
    );
  },
};
const isLogged = loggedInBitmapOr(callsOfTwo);

const byId: ReadonlyMap<string, Property> = new Map(
  [
    noLostWriteWhere(isLogged, callsOfTwo),
    loggedOrProtectedWhere(isLogged, callsOfTwo),
    protectedOnReturnWhere((view, gfn) => {
      const { actors, qemu } = view;
      const { refresh, collectors, actors: all } = viewOf(view);
      const own = { thread: actors.migration, call: actors.getDirtyLog, reported: qemu.userBitmap };
      const other = { thread: all.display, call: callOfRefresh(viewOf(view)), reported: refresh.userBitmap };
      return (
        isProtected(view, gfn, isLogged, { ...own, taken: collectors.taken(0) }) &&
        isProtected(view, gfn, isLogged, { ...other, taken: collectors.taken(1) })
      );
    }),
    ioctlReturnsFor((ids) => [ids.getDirtyLog, ...refreshOf(ids), ids.setMemoryRegion]),
    lockIsGrantedTo((ids) => [...ids.vcpu, ids.getDirtyLog, ...refreshOf(ids), ids.setMemoryRegion, ...ids.shadowMmu]),
  ].map((property) => [property.id, property]),
);

/** Returns the calls of the display refresh. */
const refreshOf = (ids: object): readonly number[] => (ids as SecondCollectorView['actors']).displayGet;

/** Returns properties of designs in which one thread takes the log, stated for two. */
export const forTwoCollectors = (properties: readonly Property[]): Property[] =>
  properties.map((property) => byId.get(property.id) ?? property);
