import { PrecopyError } from '../model/errors.ts';
import type { Pattern, Phase, Workload } from './workload.ts';

/** Syntax of a workload, for error messages. */
const syntax =
  "use uniform, zipf:0.99, hot:10%:90%, sweep or file:PATH; separate phases by commas and give all but the last a duration: 'uniform@5s, sweep'";

/** Parses times and reads files for `parseWorkload`, which knows neither units nor files. */
export interface ParserCallbacks {
  /** parses a time such as `5s`, into seconds */
  readonly duration: (text: string) => number;
  /** reads the recorded pages of a file */
  readonly recording: (path: string) => Int32Array;
}

/**
 * Parses a workload: `uniform`, `zipf:0.99`, `hot:10%:90%` (10 % of the pages get 90 % of the writes), `sweep`,
 * `file:PATH`, or several phases with durations, `uniform@5s, sweep`.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function parseWorkload(text: string, writesPerSecond: number, callbacks: ParserCallbacks): Workload {
  const parts = text.split(',').map((part) => part.trim());
  return parts.map((part, n): Phase => {
    const [name = '', time, ...rest] = part.startsWith('file:') ? [part] : part.split('@');
    const isLast = n === parts.length - 1;
    if (rest.length > 0 || name === '' || (time === undefined && !isLast)) throw badWorkload(text);
    return {
      pattern: parsePattern(name.trim(), text, callbacks),
      forNs: isLast ? Number.POSITIVE_INFINITY : callbacks.duration(time as string) * 1e9,
      writesPerSecond,
    };
  });
}

function parsePattern(name: string, text: string, callbacks: ParserCallbacks): Pattern {
  if (name.startsWith('file:')) {
    const source = name.slice('file:'.length);
    return { kind: 'recorded', source, pages: callbacks.recording(source) };
  }
  const [kind, ...numbers] = name.split(':');
  const values = numbers.map((number) => {
    const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(number) ?? [];
    if (digits === undefined) throw badWorkload(text);
    return Number(digits) / (percent ? 100 : 1);
  });
  const [first, second] = values;
  if ((kind === 'uniform' || kind === 'sweep') && values.length === 0) return { kind };
  if (kind === 'zipf' && values.length <= 1 && (first ?? 1) > 0) return { kind, exponent: first ?? 0.99 };
  if (
    kind === 'hot' &&
    first !== undefined &&
    second !== undefined &&
    values.length === 2 &&
    first > 0 &&
    first <= 1 &&
    second <= 1
  ) {
    return { kind, pages: first, writes: second };
  }
  throw badWorkload(text);
}

const badWorkload = (text: string): PrecopyError =>
  new PrecopyError('BAD_PARAMETER', `'${text}' is not a workload`, syntax);
