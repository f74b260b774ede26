/** Names that a person may have meant: at most three, those that have the word in them first, and then nearest first. */
export async function suggest(name: string, all: readonly string[]): Promise<string[]> {
  const { distance } = await import('fastest-levenshtein');
  const contains = (one: string): number => (one.includes(name) ? 1 : 0);
  const isNear = (one: string): boolean => distance(name, one) <= Math.max(name.length, one.length) / 2;
  const near = all.filter((one) => contains(one) || isNear(one));
  return near.sort((a, b) => contains(b) - contains(a) || distance(name, a) - distance(name, b)).slice(0, 3);
}

/** `a`, `a or b`, `a, b or c` */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
