import { Argument, Option } from 'commander';
import { PrecopyError } from '../../model/errors.ts';
import { nearestNames } from '../../model/nearest-name.ts';
import { orList } from '../../model/word-list.ts';

/**
 * Returns an option that takes one of some names. Any other one is refused with the nearest names, or with all.
 *
 * @example choiceOption('--format <format>', 'format of the trace', ['columns', 'json'])
 */
export function choiceOption(flags: string, description: string, names: readonly string[]): Option {
  const option = new Option(flags, description).choices(names);
  return option.argParser((text: string) => oneOf(names, text, option.long ?? flags));
}

/** Returns an argument that takes one of some names, as `choiceOption`. */
export function choiceArgument(name: string, description: string, names: readonly string[]): Argument {
  return new Argument(name, description).choices(names).argParser((text: string) => oneOf(names, text, description));
}

/** @throws PrecopyError `UNKNOWN_NAME` */
function oneOf(names: readonly string[], text: string, place: string): string {
  if (names.includes(text)) return text;
  const near = nearestNames(text, names);
  const guess = near.length > 0 && near.length < names.length ? `did you mean ${orList(near)}? ` : '';
  throw new PrecopyError('UNKNOWN_NAME', `${place} is '${text}'`, `${guess}the choices are ${names.join(', ')}`);
}
