import { ownedRace, type Rival } from '../model/access-faults.ts';
import type { SystemEvent } from '../model/events.ts';
import type { Program } from './program.ts';

/**
 * Returns the text of the first race for owned memory in the current state: two choices of different actors that two
 * actors use to access one cell, one of them to write. Undefined if there is none.
 * @param accessesOf returns the id of the owned accesses of a choice, which is enabled or refused by its guards, and
 *   leaves the state as it is
 */
export function findOwnedRace(
  program: Pick<Program, 'instance' | 'events' | 'enabled' | 'ownedSets'>,
  accessesOf: (event: number, payload: number) => number,
): string | undefined {
  const { instance, events, ownedSets } = program;
  const enabled = new Int32Array(events.length);
  const count = program.enabled(enabled);
  const found: { readonly event: SystemEvent; readonly payload: number; readonly accesses: number }[] = [];
  for (let n = 0; n < count; n++) {
    const event = events[enabled[n]];
    for (let payload = 0; payload < event.domain; payload++) {
      const accesses = accessesOf(event.id, payload);
      if (accesses === 0) continue;
      const rival = found.find((one) => one.event.actor !== event.actor && ownedSets.conflict(one.accesses, accesses));
      const conflict = rival && ownedSets.firstConflict(rival.accesses, accesses);
      if (conflict) {
        const [one, other] = conflict.actors;
        const rivals: [Rival, Rival] = [
          { event: rival.event, payload: rival.payload, actor: one },
          { event, payload, actor: other },
        ];
        return ownedRace(instance, instance.ownedCells[conflict.cell], rivals);
      }
      if (!found.some((one) => one.event.actor === event.actor && one.accesses === accesses))
        found.push({ event, payload, accesses });
    }
  }
  return undefined;
}
