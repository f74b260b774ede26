/**
 * Returns whether a value is an integer from 0 to `max`, which is at most 2^32 - 1. A fraction, NaN, a string or a
 * BigInt is none, whatever JavaScript would convert it to. Short enough for V8 to inline, as each access calls it.
 */
export function isIndexUpTo(max: number, value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value && value <= max;
}

const maxLength = 60;

/** Returns a value as an error message quotes it, in one short line. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return shorten(JSON.stringify(value));
  if (typeof value === 'bigint') return shorten(`${value}n`);
  if (typeof value === 'function') return `a function`;
  if (Array.isArray(value)) return 'a list';
  if (isPromise(value)) return 'a promise';
  if (typeof value === 'object' && value !== null) return 'an object';
  return shorten(String(value));
}

/** Returns whether a value is a promise, or another object with a method `then`. */
export const isPromise = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';

const shorten = (text: string): string => (text.length > maxLength ? `${text.slice(0, maxLength)}…` : text);
