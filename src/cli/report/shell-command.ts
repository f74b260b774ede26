/** The command as it was typed, for those who want to run it again. */
export function commandLine(): string {
  const quoted = process.argv.slice(2).map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`));
  return ['npx precopy', ...quoted].join(' ');
}
