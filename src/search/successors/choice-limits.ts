import { ChoiceIds } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { SystemEvent } from '../../model/events.ts';

/** A predecessor code has 16 bits for the choice id. */
const maxSearchChoices = 0x10000;
/** Sampling among more choices takes more than a second per schedule. */
const maxSampledChoices = 0x100000;

/**
 * Returns the choices of a design for an engine that visits all states.
 * @throws PrecopyError `BAD_PARAMETER` if there are more than 65536
 */
export function choicesForSearch(events: readonly SystemEvent[]): ChoiceIds {
  const choices = new ChoiceIds(events);
  if (choices.count <= maxSearchChoices) return choices;
  const sampling = choices.count <= maxSampledChoices ? ', or draw schedules with --strategy random' : '';
  throw tooMany(choices, 'explore all', `choose smaller sizes${sampling}`);
}

/**
 * Returns the choices of a design for an engine that samples schedules.
 * @throws PrecopyError `BAD_PARAMETER` if there are more than 2^20
 */
export function choicesForSampling(events: readonly SystemEvent[]): ChoiceIds {
  const choices = new ChoiceIds(events);
  if (choices.count <= maxSampledChoices) return choices;
  throw tooMany(choices, 'draw from', 'choose smaller sizes');
}

const tooMany = ({ count }: ChoiceIds, what: string, remedy: string): PrecopyError =>
  new PrecopyError('BAD_PARAMETER', `there are ${count} choices, too many to ${what}`, remedy);
