import { printable } from '../report/printable.ts';
import type { CiFormatName, Suite } from './outcomes.ts';

/** Formats suites as a document of a format, without a newline at its end. */
export async function ciDocument(format: CiFormatName, suites: readonly Suite[]): Promise<string> {
  if (format === 'junit') return (await import('./junit.ts')).junit(suites);
  return printable((await import('./github-commands.ts')).githubCommands(suites));
}
