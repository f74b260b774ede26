import { showCount } from '../options/units.ts';

/**
 * Formats a count with its noun: `1 state`, `1,234 states`; `plural` is the noun's plural where that is not `noun +
 * 's'`.
 */
export function plural(count: number | bigint, noun: string, plural = `${noun}s`): string {
  return `${showCount(count)} ${Number(count) === 1 ? noun : plural}`;
}
