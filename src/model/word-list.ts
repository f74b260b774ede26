/** Joins words as `a`, `a or b`, `a, b or c`. */
export const orList = (words: readonly string[]): string => joinWords(words, 'or');

/** Joins words as `a`, `a and b`, `a, b and c`. */
export const andList = (words: readonly string[]): string => joinWords(words, 'and');

function joinWords(words: readonly string[], conjunction: string): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
}
