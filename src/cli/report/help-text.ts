import type { Command } from 'commander';
import { outputWidth } from './console-output.ts';
import { invocation } from './shell-command.ts';
import { wrap } from './wrap.ts';

/** What the help of a command says after its options. */
export interface HelpSections {
  /** one paragraph each, such as the meaning of exit codes */
  readonly notes?: readonly string[];
  /** commands to copy, each with what it is for */
  readonly examples: readonly (readonly [command: string, purpose?: string | undefined])[];
}

/** A column of descriptions is at least this wide; in a narrower one they stand under their terms. */
const leastDescription = 30;
/** Commands of up to this share of the width have their purpose beside them, longer ones above them. */
const longestShare = 0.7;
const indent = 2;
const nested = 6;

/** Adds notes and examples after the help of a command, wrapped to the width of the output. */
export function addHelpSections(command: Command, { notes = [], examples }: HelpSections): Command {
  return command.addHelpText('after', ({ error }) => {
    const here = examples.map(([line, purpose]) => [line.replace(/^npx precopy/, invocation()), purpose] as const);
    return format({ notes, examples: here }, outputWidth(error ? process.stderr : process.stdout));
  });
}

/** Wraps the help of a command, with its options and arguments, to the width of the output. */
export function wrapHelp(command: Command): Command {
  return command
    .configureOutput({
      getOutHelpWidth: () => outputWidth(process.stdout),
      getErrHelpWidth: () => outputWidth(process.stderr),
    })
    .configureHelp({
      showGlobalOptions: true,
      minWidthToWrap: leastDescription,
      visibleGlobalOptions: ({ parent }) => (parent === null ? [] : widthOption(command)),
      formatItem(term, termWidth, description, helper) {
        const width = helper.helpWidth ?? 80;
        const besides = width - termWidth - 2 * indent;
        if (besides >= leastDescription) {
          const lines = helper.boxWrap(description, besides).split('\n');
          return lines
            .map((line, n) => ' '.repeat(indent) + (n === 0 ? term : '').padEnd(termWidth + indent) + line)
            .map((line) => line.trimEnd())
            .join('\n');
        }
        return [' '.repeat(indent) + term, wrap(description, width, { indent: nested })].join('\n').trimEnd();
      },
    });
}

function widthOption(command: Command) {
  let top = command;
  while (top.parent) top = top.parent;
  return top.options.filter(({ long }) => long === '--width');
}

function format({ notes = [], examples }: HelpSections, width: number): string {
  const margin = ' '.repeat(indent);
  const short = examples.map(([command]) => command.length).filter((length) => length <= longestShare * width);
  const column = Math.max(0, ...short);
  const lines = examples.map(([command, purpose]) => {
    if (purpose === undefined) return margin + command;
    const fits = command.length <= column && 2 * indent + column + purpose.length <= width;
    if (fits) return margin + command.padEnd(column + indent) + purpose;
    return `${wrap(`# ${purpose}`, width, { indent, hanging: 2 })}\n${margin}${command}`;
  });
  return [...notes.map((note) => `\n${wrap(note, width)}`), '\nExamples:', ...lines].join('\n');
}
