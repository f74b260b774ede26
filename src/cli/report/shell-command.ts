/** Returns the command line of this process, as a person types it. */
export const commandLine = (): string => ['npx precopy', ...process.argv.slice(2).map(quote)].join(' ');

/** Returns the command line that replays a schedule. */
export function replayCommandLine(schedule: string, file: string | undefined): string {
  const fromFile = file === undefined ? '' : ` --file ${quote(file)}`;
  const word = quote(schedule);
  return `npx precopy replay${fromFile} ${word.startsWith('-') ? '-- ' : ''}${word}`;
}

/** Quotes a word for the shell, if it needs quotes. */
const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
