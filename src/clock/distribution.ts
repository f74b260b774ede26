import { z } from 'zod';

const ns = z.number().describe('nanoseconds');

/** Schema of `Distribution`. */
export const distribution = z
  .object({ count: z.int(), mean: ns, p50: ns, p90: ns, p99: ns, p999: ns, max: ns })
  .describe('times in nanoseconds, 0 if count is 0; mean and max are exact, quantiles within 0.1 %')
  .meta({ id: 'distribution' });

/**
 * A distribution of measured times in nanoseconds. All fields are 0 if `count` is 0. `mean` and `max` are exact,
 * quantiles within 0.1 %.
 * @example
 * const isFast = ({ p999 }: Distribution) => p999 < 1e6; // 99.9 % below 1 ms
 */
export type Distribution = Readonly<z.infer<typeof distribution>>;

/** Schema of `CdfPoint`. */
export const cdfPoint = z.object({
  ns: z.number().describe('nanoseconds'),
  fraction: z.number().describe('share of the times that are at most this long'),
});

/** A point of a cumulative distribution function. */
export type CdfPoint = Readonly<z.infer<typeof cdfPoint>>;
