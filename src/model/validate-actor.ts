import type { ActorDefinition, Implementation } from './actor-definition.ts';
import { PrecopyError } from './errors.ts';
import { refuseTakenName, refuseUnknown, refuseUnknownKeys } from './refuse-unknown.ts';
import { refuseEventType, refuseField } from './validate-system.ts';

/**
 * Refuses an actor with a key that has no meaning, or with an event or a payload whose name is taken.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateActor(definition: { readonly events: ActorDefinition['events'] }): void {
  refuseUnknownKeys('an actor', definition, ['events', 'registers']);
  refuseUnknownKeys('the events of an actor', definition.events, Object.keys(definition.events ?? {}));
  for (const [type, event] of Object.entries(definition.events)) {
    const where = `event ${type} of an actor`;
    refuseEventType('an actor', 'event', type);
    refuseUnknownKeys(where, event, ['field', 'size', 'optional']);
    if (event.field !== undefined) refuseField(where, event.field);
    if ((event.field === undefined) !== (event.size === undefined)) {
      const cause = `${where} has ${event.field === undefined ? 'a size and no field' : 'a field and no size'}`;
      throw new PrecopyError(
        'BAD_DESIGN',
        cause,
        'a payload needs both: the name of its field, and how many it may be',
      );
    }
  }
}

interface AnyImplementations {
  readonly actions?: Readonly<Record<string, Implementation>>;
  readonly guards?: Readonly<Record<string, Implementation>>;
  readonly ghost?: Readonly<Partial<Record<string, Implementation>>>;
}

/**
 * Refuses implementations with an unknown key, something that is no function, or a ghost update of no action.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateImplementations(implementations: AnyImplementations): void {
  refuseUnknownKeys('the implementations of an actor', implementations, ['actions', 'guards', 'ghost']);
  for (const [kind, named] of Object.entries(implementations)) {
    for (const [name, implementation] of Object.entries(named ?? {})) {
      const what = kind === 'ghost' ? 'ghost update' : kind.slice(0, -1);
      refuseTakenName('an actor', what, name);
      if (typeof implementation === 'function') continue;
      throw new PrecopyError('BAD_DESIGN', `the ${what} '${name}' is no function`, 'give a function of its arguments');
    }
  }
  const { actions = {}, ghost = {} } = implementations;
  for (const name of Object.keys(ghost)) refuseUnknown('a ghost update', 'action', name, Object.keys(actions));
}
