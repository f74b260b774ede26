import { eventName, type SystemEvent } from './events.ts';
import type { Instance } from './instance.ts';
import type { SharedAccess } from './step-accesses.ts';

/** A step, or the start of one actor, or what the messages of the start do (actor -1). */
export type StepOrStart =
  | {
      readonly event: SystemEvent;
      readonly payload: number;
      /** path of the state of its actor before */
      readonly state: string;
    }
  | { readonly event?: undefined; readonly actor: number };

/** Returns the text of the fault that a step accesses shared memory more than once. */
export function tooManyAccesses(instance: Instance, step: StepOrStart, accesses: readonly SharedAccess[]): string {
  const actor = step.event ? step.event.actor : step.actor;
  const all = accesses.map((access) => {
    const by = access.actor === actor ? '' : `${instance.actors[access.actor].name}: `;
    return `${by}${access.cell}.${access.operation}`;
  });
  const times = all.length === 2 ? 'twice' : `${all.length} times`;
  const remedy = step.event ? 'take several steps, or say why not in meta.coarse' : 'declare initial values';
  return `${nameOf(instance, step)} accesses shared memory ${times}: ${all.join(', ')}; ${remedy}`;
}

function nameOf(instance: Instance, step: StepOrStart): string {
  if (!step.event) return step.actor < 0 ? 'the start' : `the start of ${instance.actors[step.actor].name}`;
  const { event, payload, state } = step;
  return `${eventName(instance, event, payload)}${event.isDrain ? '' : ` in '${state}'`}`;
}

/** A choice that is enabled, and the actor that accesses the cell if it is taken. */
export interface Rival {
  readonly event: SystemEvent;
  readonly payload: number;
  /** the actor of the event, or one that gets its message */
  readonly actor: number;
}

/** Returns the text of the fault that two actors can access a cell of owned memory in the current state. */
export function ownedRace(instance: Instance, cell: string, rivals: readonly [Rival, Rival]): string {
  const [one, other] = rivals.map(({ event, payload, actor }) => {
    const { name, leaves, location } = instance.actors[actor];
    return `${name} in '${leaves[location.get()]}' (by ${eventName(instance, event, payload)})`;
  });
  return `${cell} is owned memory, and two actors can access it here: ${one} and ${other}`;
}
