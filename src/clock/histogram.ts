import hdr from 'hdr-histogram-js';
import type { CdfPoint, Distribution } from './distribution.ts';

/**
 * Times below this bound, which are most, are first counted in an array by nanosecond: cheaper than a bucket lookup.
 */
const shortNs = 1 << 14;

/** An HDR histogram of times in nanoseconds. Count, mean and maximum are exact; quantiles have three digits. */
export class Histogram {
  private readonly buckets = hdr.build({
    bitBucketSize: 32,
    autoResize: true,
    highestTrackableValue: 1e9,
    numberOfSignificantValueDigits: 3,
  });
  private shortCounts: Uint32Array | undefined = undefined;
  private sum = 0;
  private max = 0;

  add(ns: number): void {
    const whole = Math.round(ns);
    if (whole < shortNs) {
      this.shortCounts ??= new Uint32Array(shortNs);
      this.shortCounts[whole]++;
    } else this.buckets.recordValue(whole);
    this.sum += ns;
    if (ns > this.max) this.max = ns;
  }

  /** Returns the buckets, with the short times added to them. */
  private allBuckets() {
    this.shortCounts?.forEach((count, ns) => {
      if (count > 0) this.buckets.recordValueWithCount(ns, count);
    });
    this.shortCounts = undefined;
    return this.buckets;
  }

  addAll(other: Histogram): void {
    this.allBuckets().add(other.allBuckets());
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
  }

  clear(): void {
    this.allBuckets().reset();
    this.sum = 0;
    this.max = 0;
  }

  get distribution(): Distribution {
    const { sum, max } = this;
    const buckets = this.allBuckets();
    const count = buckets.totalCount;
    const quantile = (percent: number): number =>
      count === 0 ? 0 : Math.min(max, buckets.getValueAtPercentile(percent));
    return {
      count,
      mean: count === 0 ? 0 : sum / count,
      p50: quantile(50),
      p90: quantile(90),
      p99: quantile(99),
      p999: quantile(99.9),
      max,
    };
  }

  /** The cumulative distribution function at fixed quantiles; empty without times. */
  get cdf(): CdfPoint[] {
    if (this.allBuckets().totalCount === 0) return [];
    return cdfFractions.map((fraction) => ({
      ns: Math.min(this.max, this.allBuckets().getValueAtPercentile(100 * fraction)),
      fraction,
    }));
  }

  /** Serializes the histogram, to send it to another thread. */
  encode(): string {
    return JSON.stringify([hdr.encodeIntoCompressedBase64(this.allBuckets()), this.sum, this.max]);
  }

  static decode(text: string): Histogram {
    const [buckets, sum, max] = JSON.parse(text) as [string, number, number];
    const histogram = new Histogram();
    histogram.allBuckets().add(hdr.decodeFromCompressedBase64(buckets, 32, false));
    histogram.sum = sum;
    histogram.max = max;
    return histogram;
  }
}

/** Every percent, then finer towards 1. */
const cdfFractions = [
  ...Array.from({ length: 99 }, (_, n) => n / 100),
  ...[2, 3, 4, 5].flatMap((digits) => Array.from({ length: 9 }, (_, n) => 1 - (10 - n) / 10 ** (digits + 1))),
  1,
];
