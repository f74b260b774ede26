import { ChoiceIds } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { SystemEvent } from '../../model/events.ts';

/** What 16 bits have room for. */
const maxSearchChoices = 0x10000;
/** More take more than a second a schedule. */
const mostToDraw = 0x100000;

/**
 * The choices of a design, for an engine that takes all of them.
 * @throws PrecopyError `BAD_PARAMETER` where they are too many
 */
export function choicesForSearch(events: readonly SystemEvent[]): ChoiceIds {
  const choices = new ChoiceIds(events);
  if (choices.count <= maxSearchChoices) return choices;
  const draw = choices.count <= mostToDraw ? ', or draw schedules with --strategy random' : '';
  throw tooMany(choices, 'explore all', `choose smaller sizes${draw}`);
}

/**
 * The choices of a design, for an engine that draws among them: it looks at all that a state offers.
 * @throws PrecopyError `BAD_PARAMETER` where they are too many
 */
export function choicesForSampling(events: readonly SystemEvent[]): ChoiceIds {
  const choices = new ChoiceIds(events);
  if (choices.count <= mostToDraw) return choices;
  throw tooMany(choices, 'draw from', 'choose smaller sizes');
}

const tooMany = ({ count }: ChoiceIds, what: string, remedy: string): PrecopyError =>
  new PrecopyError('BAD_PARAMETER', `there are ${count} choices, too many to ${what}`, remedy);
