/** The command that replays a schedule, as a person pastes it into a shell. */
export function replayCommand(schedule: string, file: string | undefined): string {
  const fromFile = file === undefined ? '' : ` --file ${quoted(file)}`;
  return `npx precopy replay${fromFile} ${quoted(schedule)}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
