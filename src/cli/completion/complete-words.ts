import type { Command, Option } from 'commander';

/** Names that an option or argument takes, by the placeholder in its flags: `<name=value>`, `[design]`. */
export type NamesOf = (what: { readonly option?: string; readonly argument?: string }) => Promise<readonly string[]>;

/**
 * Returns what the last of some words may be: names of commands, options, or names that an option or an argument takes.
 * Returns nothing where a file is expected.
 * @param words of a command line after `precopy`; the last one is incomplete, and may be empty
 */
export async function completeWords(top: Command, words: readonly string[], namesOf: NamesOf): Promise<string[]> {
  const last = words.at(-1) ?? '';
  const { command, option } = contextOf(top, words.slice(0, -1));
  const candidates = option ? await valuesOf(option, namesOf) : await namesFor(command, last, namesOf);
  return candidates.filter((name) => name.startsWith(last)).sort();
}

/** Returns the command that complete words lead to, and the option that waits for its value, if one does. */
function contextOf(top: Command, words: readonly string[]): { readonly command: Command; readonly option?: Option } {
  let command = top;
  let option: Option | undefined;
  for (const word of words) {
    if (option) option = undefined;
    else if (word.startsWith('-'))
      option = optionsOf(command).find((one) => [one.long, one.short].includes(word) && takesValue(one));
    else command = command.commands.find((one) => one.name() === word) ?? command;
  }
  return { command, ...(option && { option }) };
}

const takesValue = ({ required, optional }: Option): boolean => required || optional;

/** Returns the options of a command and of those that it is part of. */
const optionsOf = (command: Command): readonly Option[] => [
  ...command.options,
  ...(command.parent ? optionsOf(command.parent) : []),
];

async function valuesOf(option: Option, namesOf: NamesOf): Promise<readonly string[]> {
  return option.argChoices ?? namesOf({ option: option.attributeName() });
}

async function namesFor(command: Command, last: string, namesOf: NamesOf): Promise<readonly string[]> {
  if (last.startsWith('-')) return ['--help', ...optionsOf(command).flatMap(({ long }) => long ?? [])];
  const visible = command.createHelp().visibleCommands(command);
  if (visible.length > 0) return visible.map((one) => one.name());
  const [argument] = command.registeredArguments;
  if (!argument) return [];
  return argument.argChoices ?? namesOf({ argument: argument.name() });
}
