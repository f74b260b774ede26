import { ownedRace } from '../model/access-faults.ts';
import type { Access } from '../model/access-recording.ts';
import type { Choice } from '../model/choices.ts';
import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';
import type { TraceMove } from '../model/trace.ts';
import { LiveSystem } from './live-system.ts';

/** An access to owned memory, by a choice that is not taken. */
interface PossibleAccess {
  /** index of the cell among those of owned memory */
  readonly cell: number;
  readonly actor: number;
  readonly writes: boolean;
}

interface Possibility {
  readonly event: SystemEvent;
  readonly payload: number;
  readonly accesses: readonly PossibleAccess[];
}

/**
 * Returns why the state that a schedule leads to is a race for owned memory: choices of two actors access one cell, one
 * of them to write. Undefined if it is none. Each choice is tried by live actors of its own, and what they access is
 * recorded.
 * @param live in that state
 */
export function ownedRaceAfter(live: LiveSystem, schedule: readonly Choice[]): string | undefined {
  const { instance, events } = live;
  if (instance.ownedCells.length === 0) return undefined;
  const before: Possibility[] = [];
  for (const event of events) {
    for (let payload = 0; payload < event.domain; payload++) {
      const choice = { event: event.id, payload };
      const guards = live.tryGuards(choice);
      const moves = guards.enabled ? movesOf(instance, schedule, choice) : [guards.move];
      const possibility: Possibility = { event, payload, accesses: moves.flatMap((move) => ownedBy(instance, move)) };
      for (const other of before) {
        const race = other.event.actor === event.actor ? undefined : conflict(instance, other, possibility);
        if (race !== undefined) return race;
      }
      before.push(possibility);
    }
  }
  return undefined;
}

/** Returns how other live actors take a choice after a schedule. */
function movesOf({ design, params }: Instance, schedule: readonly Choice[], choice: Choice): readonly TraceMove[] {
  const other = new LiveSystem(design, params);
  try {
    for (const earlier of schedule) other.take(earlier);
    return other.take(choice).moves;
  } finally {
    other.stop();
  }
}

function ownedBy(
  { ownedCells }: Instance,
  { actor, accesses }: Pick<TraceMove, 'actor' | 'accesses'>,
): PossibleAccess[] {
  return (accesses as readonly Access[]).flatMap(({ cell, kind }) => {
    const index = ownedCells.indexOf(cell);
    return index < 0 ? [] : [{ cell: index, actor, writes: kind !== 'load' }];
  });
}

/** Returns the text of the first conflict of two choices, in the order of cells and actors. */
function conflict(instance: Instance, one: Possibility, other: Possibility): string | undefined {
  const inOrder = ({ accesses }: Possibility): PossibleAccess[] =>
    [...accesses].sort((a, b) => a.cell - b.cell || a.actor - b.actor);
  for (const { cell, actor, writes } of inOrder(one)) {
    const rival = inOrder(other).find(
      (access) => access.cell === cell && access.actor !== actor && (access.writes || writes),
    );
    if (!rival) continue;
    return ownedRace(instance, instance.ownedCells[cell] as string, [
      { event: one.event, payload: one.payload, actor },
      { event: other.event, payload: other.payload, actor: rival.actor },
    ]);
  }
  return undefined;
}
