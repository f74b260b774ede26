import hdr from 'hdr-histogram-js';
import type { CdfPoint, Distribution } from '../simulate/results.ts';

/** Below this, times are counted in an array by their nanoseconds before they go into the buckets: most are short, and many are alike. */
const shortNs = 1 << 14;

/** Times in nanoseconds, of which count, mean and maximum are exact and quantiles good to three digits. */
export class Histogram {
  private readonly longer = hdr.build({
    bitBucketSize: 32,
    autoResize: true,
    highestTrackableValue: 1e9,
    numberOfSignificantValueDigits: 3,
  });
  private short: Uint32Array | undefined = undefined;
  private sum = 0;
  private greatest = 0;

  add(ns: number): void {
    const whole = Math.round(ns);
    if (whole < shortNs) {
      this.short ??= new Uint32Array(shortNs);
      this.short[whole] = this.short[whole] + 1;
    } else this.longer.recordValue(whole);
    this.sum += ns;
    if (ns > this.greatest) this.greatest = ns;
  }

  /** All times. */
  private get buckets() {
    this.short?.forEach((count, ns) => {
      if (count > 0) this.longer.recordValueWithCount(ns, count);
    });
    this.short = undefined;
    return this.longer;
  }

  addAll(other: Histogram): void {
    this.buckets.add(other.buckets);
    this.sum += other.sum;
    this.greatest = Math.max(this.greatest, other.greatest);
  }

  clear(): void {
    this.buckets.reset();
    this.sum = 0;
    this.greatest = 0;
  }

  get distribution(): Distribution {
    const { sum, greatest, buckets } = this;
    const count = buckets.totalCount;
    const quantile = (percent: number): number =>
      count === 0 ? 0 : Math.min(greatest, buckets.getValueAtPercentile(percent));
    return {
      count,
      mean: count === 0 ? 0 : sum / count,
      p50: quantile(50),
      p90: quantile(90),
      p99: quantile(99),
      p999: quantile(99.9),
      max: greatest,
    };
  }

  /** The distribution function, at the quantiles where it has something to tell. */
  get cdf(): CdfPoint[] {
    if (this.buckets.totalCount === 0) return [];
    return cdfFractions.map((fraction) => ({
      ns: Math.min(this.greatest, this.buckets.getValueAtPercentile(100 * fraction)),
      fraction,
    }));
  }

  /** As text, for another thread. */
  encode(): string {
    return JSON.stringify([hdr.encodeIntoCompressedBase64(this.buckets), this.sum, this.greatest]);
  }

  static decode(text: string): Histogram {
    const [buckets, sum, greatest] = JSON.parse(text) as [string, number, number];
    const histogram = new Histogram();
    histogram.buckets.add(hdr.decodeFromCompressedBase64(buckets, 32, false));
    histogram.sum = sum;
    histogram.greatest = greatest;
    return histogram;
  }
}

/** Every percent, and ever finer towards the end. */
const cdfFractions = [
  ...Array.from({ length: 99 }, (_, n) => n / 100),
  ...[2, 3, 4, 5].flatMap((digits) => Array.from({ length: 9 }, (_, n) => 1 - (10 - n) / 10 ** (digits + 1))),
  1,
];
