import { PrecopyError } from '../../model/errors.ts';

const counts = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const bytes = {
  '': 1,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const seconds = { ns: 1e-9, us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600 };

/** Reads `10M`, `2k`, `1_000_000`. */
export const parseCount = (option: string) => reader(option, counts, 'a count such as 10M, 2k or 1_000_000');

/** Reads `4GiB`, `512MB`; a plain number is bytes. */
export const parseBytes = (option: string) => reader(option, bytes, 'a size such as 4GiB or 512MB');

/** Reads `250us`, `30s`, `5min`; in seconds. */
export const parseDuration = (option: string) => reader(option, seconds, 'a time such as 500ms, 30s, 5min or 1h');

function reader(option: string, units: Readonly<Record<string, number>>, expected: string): (text: string) => number {
  const scales = new Map(Object.entries(units).map(([unit, scale]) => [unit.toLowerCase(), scale]));
  return (text) => {
    const [, digits = '', unit = ''] = /^(\d[\d_]*(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
    const scale = scales.get(unit.toLowerCase());
    const value = Number(digits.replaceAll('_', '')) * (scale ?? Number.NaN);
    if (digits === '' || !(value > 0))
      throw new PrecopyError('BAD_PARAMETER', `${option} is '${text}'`, `give ${expected}`);
    return value;
  };
}

/** Reads a whole number, such as a number of pages. */
export const parseWhole =
  (option: string) =>
  (text: string): number => {
    if (!/^\d+$/.test(text)) {
      throw new PrecopyError('BAD_PARAMETER', `${option} is '${text}'`, 'give a whole number');
    }
    return Number(text);
  };

/** `1,234,567` */
export function showCount(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1.4M`, `820k`, `12` */
export function showRate(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)}M`;
  return count >= 1e4 ? `${Math.round(count / 1e3)}k` : showCount(count);
}

/** `28 MiB` */
export function showBytes(count: number): string {
  const [unit, scale] = (Object.entries({ GiB: 2 ** 30, MiB: 2 ** 20, KiB: 2 ** 10 }) as [string, number][]).find(
    ([, size]) => count >= size,
  ) ?? ['B', 1];
  const value = count / scale;
  return `${value < 10 && scale > 1 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** `0.42 s`, `12 s`, `3 min 20 s` */
export function showSeconds(duration: number): string {
  if (duration < 10) return `${duration.toFixed(2)} s`;
  if (duration < 60) return `${duration.toFixed(1)} s`;
  const whole = Math.round(duration);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

/** `850 ns`, `2.3 us`, `15 ms`, `1.2 s`: three significant digits */
export function showNs(ns: number): string {
  const [unit, scale] = (Object.entries({ s: 1e9, ms: 1e6, us: 1e3 }) as [string, number][]).find(
    ([, size]) => ns >= size,
  ) ?? ['ns', 1];
  return `${Number((ns / scale).toPrecision(3))} ${unit}`;
}

/** Two significant digits, as TLC prints it: `2.3E-10`. */
export function showProbability(probability: number): string {
  return probability === 0 ? '0.0' : probability.toExponential(1).replace('e+', 'E').replace('e', 'E');
}
