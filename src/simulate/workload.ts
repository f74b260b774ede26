import type { RandomStream } from '../clock/random-streams.ts';

/** Order in which a guest writes its pages. All vCPUs follow the same pattern, each with a random stream of its own. */
export type Pattern =
  | { readonly kind: 'uniform' }
  /** the kth page of a pseudo-random order is written with a frequency proportional to 1 / k^exponent */
  | { readonly kind: 'zipf'; readonly exponent: number }
  /** a share of the pages (`pages`) gets a share of the writes (`writes`), both from 0 to 1 */
  | { readonly kind: 'hot'; readonly pages: number; readonly writes: number }
  /** page after page; each vCPU sweeps its own part of memory */
  | { readonly kind: 'sweep' }
  /** recorded pages in their order, cyclically; vCPUs take them in turns */
  | { readonly kind: 'recorded'; readonly source: string; readonly pages: Int32Array };

/** A pattern with a duration and a rate. */
export interface Phase {
  readonly pattern: Pattern;
  /** duration; `Infinity` for the last phase */
  readonly forNs: number;
  /** writes of each vCPU per second; `Infinity`: without a pause */
  readonly writesPerSecond: number;
}

/**
 * Writes of the guest: consecutive phases.
 * @example
 * const workload: Workload = [{ pattern: { kind: 'uniform' }, forNs: Infinity, writesPerSecond: 25_000 }];
 */
export type Workload = readonly Phase[];

/** Generates the pages that a vCPU writes. */
export interface PageSource {
  next(): number;
}

/** Creates the source of the pages that one vCPU writes in a phase. */
export function pageSource(
  pattern: Pattern,
  { pages, vcpus, nth }: { readonly pages: number; readonly vcpus: number; readonly nth: number },
  random: RandomStream,
): PageSource {
  switch (pattern.kind) {
    case 'uniform':
      return { next: () => random.below(pages) };
    case 'zipf':
      return zipf(pages, pattern.exponent, random);
    case 'hot': {
      const hot = Math.max(1, Math.round(pattern.pages * pages));
      const cold = pages - hot;
      return {
        next: () =>
          cold === 0 || random.fraction() < pattern.writes
            ? scatter(random.below(hot), pages)
            : scatter(hot + random.below(cold), pages),
      };
    }
    case 'sweep': {
      const first = Math.floor((nth * pages) / vcpus);
      const count = Math.max(1, Math.floor(((nth + 1) * pages) / vcpus) - first);
      let at = count - 1;
      return {
        next: () => {
          at = (at + 1) % count;
          return (first + at) % pages;
        },
      };
    }
    case 'recorded': {
      let at = nth % pattern.pages.length;
      return {
        next: () => {
          const gfn = pattern.pages[at] as number;
          at = (at + vcpus) % pattern.pages.length;
          return gfn;
        },
      };
    }
  }
}

/** A bijection on 0 to `pages - 1` that spreads pages of similar popularity over memory. */
function scatter(rank: number, pages: number): number {
  return (rank * strideFor(pages)) % pages;
}

const strides = new Map<number, number>();

function strideFor(pages: number): number {
  const known = strides.get(pages);
  if (known !== undefined) return known;
  // The product with 2^28 pages stays below 2^53.
  let stride = Math.max(1, Math.floor(pages * 0.6180339887));
  while (greatestCommonDivisor(stride, pages) !== 1) stride--;
  strides.set(pages, stride);
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Rejection inversion (W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", 1996).
 */
function zipf(pages: number, exponent: number, random: RandomStream): PageSource {
  const integral = (x: number): number => (exponent === 1 ? Math.log(x) : (x ** (1 - exponent) - 1) / (1 - exponent));
  const inverse = (y: number): number =>
    exponent === 1 ? Math.exp(y) : (1 + y * (1 - exponent)) ** (1 / (1 - exponent));
  const density = (x: number): number => x ** -exponent;
  const first = integral(1.5) - 1;
  const last = integral(pages + 0.5);
  const shortcut = 2 - inverse(integral(2.5) - density(2));
  return {
    next: () => {
      for (;;) {
        const y = last + random.fraction() * (first - last);
        const x = inverse(y);
        const rank = Math.min(pages, Math.max(1, Math.round(x)));
        if (rank - x <= shortcut || y >= integral(rank + 0.5) - density(rank)) return scatter(rank - 1, pages);
      }
    },
  };
}
