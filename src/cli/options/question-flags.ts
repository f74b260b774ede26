import type { Command } from 'commander';
import type { QuestionOptions } from '../../app/check/question.ts';

/** The flags that say what a check asks of a design, as commander parses them. */
export interface QuestionFlags {
  readonly property?: readonly string[];
  readonly until?: string;
  readonly show?: string;
}

/** Adds the flags to a command. */
export function addQuestionOptions(command: Command): Command {
  return command
    .option(
      '--property <id>',
      'check only this property, by the one search that decides it; a cover has to be hit; repeatable',
      (id: string, ids: readonly string[] = []) => [...ids, id],
    )
    .option(
      '--until <expression>',
      'print a shortest run to a state in which this is true, or prove that there is none (docs/search.md)',
    )
    .option('--show <cover>', 'print a shortest run that hits this cover, or prove that there is none');
}

/** Returns the question that the flags stand for. */
export const questionOf = ({ property, until, show }: QuestionFlags): QuestionOptions => ({
  ...(property && { properties: property }),
  ...(until !== undefined && { until }),
  ...(show !== undefined && { show }),
});
