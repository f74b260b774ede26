import { PrecopyError } from '../../model/errors.ts';
import { nearestNames } from '../../model/nearest-name.ts';
import { orList } from '../../model/word-list.ts';
import type { DesignFigures } from '../../simulate/results.ts';
import { parseDuration } from '../parse-units.ts';

/** A threshold of a figure: `vcpuWrite.p999 < 1ms`. */
export interface Threshold {
  readonly text: string;
  readonly holds: (figures: DesignFigures) => boolean;
}

const distributions = ['vcpuWrite', 'mmuLockHold', 'mmuLockWait', 'getDirtyLog', 'clearDirtyLog'];
const statistics = ['count', 'mean', 'p50', 'p90', 'p99', 'p999', 'max'];
const times = ['total', 'downtime', 'simulated'];
const counts = [
  'vcpuWritesPerSecond',
  'faults',
  'protections',
  'flushes',
  'preemptions',
  'holderPreemptions',
  'rounds',
  'pagesSent',
  'bytesSent',
  'vcpuWrites',
  'steps',
];
const compare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/**
 * Parses a threshold.
 * @throws PrecopyError `BAD_PARAMETER`, `UNKNOWN_NAME`
 */
export function parseThreshold(text: string): Threshold {
  const [, name = '', operator = '', limit = ''] = /^\s*([\w.]+?)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(text) ?? [];
  const holds = compare[operator];
  if (!holds)
    throw new PrecopyError('BAD_PARAMETER', `--expect is '${text}'`, "give a threshold such as 'vcpuWrite.p999 < 1ms'");
  const [what = '', statistic] = name.replace(/Ns(?=\.|$)/, '').split('.');
  const isTime = times.includes(what) || (distributions.includes(what) && statistic !== 'count');
  const isKnown =
    statistic === undefined
      ? times.includes(what) || counts.includes(what)
      : distributions.includes(what) && statistics.includes(statistic);
  if (!isKnown) {
    const all = [...distributions.flatMap((one) => statistics.map((other) => `${one}.${other}`)), ...times, ...counts];
    const near = nearestNames(name, all);
    throw new PrecopyError(
      'UNKNOWN_NAME',
      `there is no figure '${name}'`,
      near.length > 0 ? `did you mean ${orList(near)}?` : `there are ${all.join(', ')}`,
    );
  }
  const bound = isTime ? parseDuration('--expect')(limit) * 1e9 : Number(limit);
  if (Number.isNaN(bound))
    throw new PrecopyError('BAD_PARAMETER', `--expect is '${text}'`, `'${limit}' is not a number`);
  const key = distributions.includes(what) || times.includes(what) ? `${what}Ns` : what;
  return {
    text,
    holds: (figures) => {
      const value = (figures as unknown as Record<string, number | Record<string, number>>)[key];
      return holds(typeof value === 'object' ? (value[statistic as string] as number) : (value as number), bound);
    },
  };
}
