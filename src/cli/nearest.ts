/** Names that a person may have meant: at most three, nearest first. */
export async function nearest(name: string, all: readonly string[]): Promise<string[]> {
  const { distance } = await import('fastest-levenshtein');
  const isNear = (one: string): boolean =>
    one.includes(name) || distance(name, one) <= Math.max(name.length, one.length) / 2;
  const near = all.filter(isNear).sort((a, b) => distance(name, a) - distance(name, b));
  return near.slice(0, 3);
}

/** `a`, `a or b`, `a, b or c` */
export function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
