/** Returns the guard of a transition as text: its name, or the combination of names. */
export function guardText(guard: unknown): string {
  if (typeof guard === 'string') return guard;
  const { guards: parts, check, type } = guard as { guards?: unknown[]; check?: { name: string }; type?: string };
  if (parts === undefined) return type ?? '?';
  const words = parts.map((part) => guardText(part));
  if (check?.name === 'checkNot') return `not ${words[0]}`;
  return words.join(check?.name === 'checkOr' ? ' or ' : ' and ');
}
