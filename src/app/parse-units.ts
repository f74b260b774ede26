import { PrecopyError } from '../model/errors.ts';

const counts = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const bytes = {
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

/** Returns a parser of counts, at least 1: `10M`, `2k`, `1_000_000`. `option` names the option in error messages. */
export const parseCount = (option: string) =>
  reader(option, counts, 'a count such as 10M, 2k or 1_000_000', isCountable);

/** Returns a parser of sizes in bytes: `4GiB`, `512MB`, `64B`. */
export const parseBytes = (option: string) =>
  reader(option, bytes, 'a size such as 4GiB or 512MB', (value) => value >= 1 && value <= Number.MAX_SAFE_INTEGER);

/** Returns a parser of durations, in seconds: `250us`, `30s`, `5min`; with `orZero` also `0ns`. */
export const parseDuration = (option: string, { orZero = false }: { readonly orZero?: boolean } = {}) =>
  reader(
    option,
    seconds,
    'a time such as 500ms, 30s, 5min or 1h',
    (value) => (value > 0 || (orZero && value === 0)) && value <= mostSeconds,
  );

const isCountable = (value: number): boolean => Number.isSafeInteger(value) && value >= 1;
/** Three centuries: what nobody waits for. */
const mostSeconds = 1e10;

function reader(
  option: string,
  units: Readonly<Record<string, number>>,
  expected: string,
  isValid: (value: number) => boolean,
): (text: string) => number {
  const scales = new Map(Object.entries(units).map(([unit, scale]) => [unit.toLowerCase(), scale]));
  return (text) => {
    const [, digits = '', unit = ''] = /^(\d[\d_]*(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
    const scale = scales.get(unit.toLowerCase());
    const value = Number(digits.replaceAll('_', '')) * (scale ?? Number.NaN);
    if (digits !== '' && isValid(value)) return value;
    const lacksUnit = digits !== '' && unit === '' && scale === undefined;
    throw new PrecopyError(
      'BAD_PARAMETER',
      `${option} is '${text}'${lacksUnit ? ', without a unit' : ''}`,
      `give ${expected}`,
    );
  };
}

/** Returns a parser of whole numbers. */
export const parseWhole =
  (option: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: { readonly min?: number; readonly max?: number } = {}) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    const least = min > 0 ? `, at least ${min}` : '';
    const remedy = value > max ? `give at most ${max}` : `give a whole number${least}`;
    throw new PrecopyError('BAD_PARAMETER', `${option} is '${text}'`, remedy);
  };
