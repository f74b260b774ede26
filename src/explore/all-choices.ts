import { PrecopyError } from '../model/errors.ts';
import type { SystemEvent } from '../model/events.ts';
import { ChoiceNumbers } from '../model/schedule.ts';

/** What 16 bits have room for. */
const mostChoices = 0x10000;

/**
 * The choices of a design, for an engine that takes all of them.
 * @throws PrecopyError `BAD_PARAMETER` where they are too many
 */
export function allChoices(events: readonly SystemEvent[]): ChoiceNumbers {
  const choices = new ChoiceNumbers(events);
  if (choices.count <= mostChoices) return choices;
  throw new PrecopyError(
    'BAD_PARAMETER',
    `there are ${choices.count} choices, too many to explore all`,
    'choose smaller sizes, or draw schedules with --strategy random',
  );
}
