import type { RandomStream } from '../clock/random-streams.ts';

/** Which pages a guest writes, and how often. All vCPUs have the same one, with random numbers of their own. */
export type Pattern =
  | { readonly kind: 'uniform' }
  /** page k of a random order is written with a frequency of 1 / k^exponent */
  | { readonly kind: 'zipf'; readonly exponent: number }
  /** a share of the pages gets a share of the writes, both from 0 to 1 */
  | { readonly kind: 'hot'; readonly pages: number; readonly writes: number }
  /** one page after the other; each vCPU sweeps a part of memory of its own */
  | { readonly kind: 'sweep' }
  /** pages in the order in which they were recorded, from the start again after the last; vCPUs take them in turns */
  | { readonly kind: 'recorded'; readonly source: string; readonly pages: Int32Array };

/** A pattern for some time. */
export interface Phase {
  readonly pattern: Pattern;
  /** how long it lasts; the last one lasts for as long as it has to */
  readonly forNs: number;
  /** pages that each vCPU dirties in a second; `Infinity`: one write after the other */
  readonly writesPerSecond: number;
}

/** What the guest does: phases that follow each other. */
export type Workload = readonly Phase[];

/** Which page comes next. */
export interface PageSource {
  next(): number;
}

/** The pages that one vCPU writes in a phase. */
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

/** Numbers of an order that looks random: neighbours by popularity are no neighbours in memory. A bijection of 0 to `pages - 1`. */
function scatter(rank: number, pages: number): number {
  return (rank * strideFor(pages)) % pages;
}

const strides = new Map<number, number>();

function strideFor(pages: number): number {
  const known = strides.get(pages);
  if (known !== undefined) return known;
  // 2^53 is far from the product of 2^28 pages and a stride below them.
  let stride = Math.max(1, Math.floor(pages * 0.6180339887));
  while (greatestCommonDivisor(stride, pages) !== 1) stride--;
  strides.set(pages, stride);
  return stride;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Rejection inversion (W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", 1996). */
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
