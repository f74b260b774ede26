/** Characters that move the cursor of a terminal, change what it shows, or turn the direction of text. */
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape begins with one
const style = /(\u001b\[\d{1,2}m)/;

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Replaces characters that a terminal would obey by their escapes. Lines and tabs stay. */
export const printable = (text: string): string => text.replace(unprintable, escaped);

/** Like `printable`, for text that has colours. */
export const printableWithStyles = (text: string): string =>
  text
    .split(style)
    .map((part, n) => (n % 2 === 1 ? part : printable(part)))
    .join('');
