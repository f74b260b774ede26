import { PrecopyError } from '../model/errors.ts';
import type { Pattern, Phase, Workload } from './workload.ts';

/** What a phase looks like on the command line. */
const howTo =
  "say uniform, zipf:0.99, hot:10%:90%, sweep or file:PATH; phases are separated by commas, each but the last with its time: 'uniform@5s, sweep'";

/** Reads times and recorded pages for the parser, which knows no files and no units. */
export interface ParserCallbacks {
  /** a time such as `5s`, in seconds */
  readonly duration: (text: string) => number;
  /** the recorded pages of a file, all below `pages` */
  readonly recording: (path: string) => Int32Array;
}

/**
 * Reads a workload: `uniform`, `zipf:0.99`, `hot:10%:90%` (a tenth of the pages gets nine tenths of the writes), `sweep`, `file:PATH`, or several
 * with times, `uniform@5s, sweep`.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function parseWorkload(text: string, writesPerSecond: number, readers: ParserCallbacks): Workload {
  const parts = text.split(',').map((part) => part.trim());
  return parts.map((part, n): Phase => {
    const [name = '', time, ...rest] = part.startsWith('file:') ? [part] : part.split('@');
    const isLast = n === parts.length - 1;
    if (rest.length > 0 || name === '' || (time === undefined && !isLast)) throw bad(text);
    return {
      pattern: parsePattern(name.trim(), text, readers),
      forNs: isLast ? Number.POSITIVE_INFINITY : readers.duration(time as string) * 1e9,
      writesPerSecond,
    };
  });
}

function parsePattern(name: string, text: string, readers: ParserCallbacks): Pattern {
  if (name.startsWith('file:')) {
    const source = name.slice('file:'.length);
    return { kind: 'recorded', source, pages: readers.recording(source) };
  }
  const [kind, ...numbers] = name.split(':');
  const values = numbers.map((number) => {
    const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(number) ?? [];
    if (digits === undefined) throw bad(text);
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
  throw bad(text);
}

const bad = (text: string): PrecopyError => new PrecopyError('BAD_PARAMETER', `'${text}' is no workload`, howTo);
