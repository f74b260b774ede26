import { Option } from 'commander';

/**
 * Returns an option with a default, given and shown in the help as a person types it.
 *
 * @example optionWithDefault('--memory <size>', 'guest memory', '4GiB', parseBytes('--memory'))
 */
export function optionWithDefault<T>(
  flags: string,
  description: string,
  typed: string,
  parse: (text: string) => T,
): Option {
  return new Option(flags, description).argParser(parse).default(parse(typed), typed);
}

/** Formats a count: `1,234,567`. */
export function showCount(count: number | bigint): string {
  if (typeof count === 'number' && count > Number.MAX_SAFE_INTEGER) return count.toExponential(2).replace('e+', 'E');
  return String(typeof count === 'number' ? Math.round(count) : count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Formats a rate: `1.4M`, `820k`, `12`. */
export function showRate(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)}M`;
  return count >= 1e4 ? `${Math.round(count / 1e3)}k` : showCount(count);
}

/** Formats a size in bytes: `28 MiB`. */
export function showBytes(count: number): string {
  const [unit, scale] = (Object.entries({ GiB: 2 ** 30, MiB: 2 ** 20, KiB: 2 ** 10 }) as [string, number][]).find(
    ([, size]) => count >= size,
  ) ?? ['B', 1];
  const value = count / scale;
  return `${value < 10 && scale > 1 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Formats a duration in seconds: `0.42 s`, `12 s`, `3 min 20 s`. */
export function showSeconds(duration: number): string {
  if (duration < 10) return `${duration.toFixed(2)} s`;
  if (duration < 60) return `${duration.toFixed(1)} s`;
  const whole = Math.round(duration);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** Formats a time in nanoseconds with three significant digits: `850 ns`, `2.3 us`, `15 ms`, `1.2 s`. */
export function showNs(ns: number): string {
  const [unit, scale] = (Object.entries({ s: 1e9, ms: 1e6, us: 1e3 }) as [string, number][]).find(
    ([, size]) => ns >= size,
  ) ?? ['ns', 1];
  return `${Number((ns / scale).toPrecision(3))} ${unit}`;
}

/** Formats a probability with two significant digits, as TLC does: `2.3E-10`. */
export function showProbability(probability: number): string {
  return probability === 0 ? '0.0' : probability.toExponential(1).replace('e+', 'E').replace('e', 'E');
}
