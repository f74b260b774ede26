import type { WritePattern } from '../vm/vcpu.ts';

const two32 = 2 ** 32;

/**
 * Computes the pages of a random pattern as the guest's code draws them: xorshift64 (G. Marsaglia, 2003; 13, 7, 17).
 * The lowest 16 bits of the state decide between the hot set and all pages; the upper half of its product with the
 * number of pages is the page.
 */
export function randomPages(
  { position, firstPage, pages, hotShare, hotPages }: WritePattern,
  count: number,
): Int32Array {
  let high = Number(position >> 32n) | 0;
  let low = Number(position & 0xffff_ffffn) | 0;
  return Int32Array.from({ length: count }, () => {
    high ^= (high << 13) | (low >>> 19);
    low ^= low << 13;
    low ^= (low >>> 7) | (high << 25);
    high ^= high >>> 7;
    high ^= (high << 17) | (low >>> 15);
    low ^= low << 17;
    const among = (low & 0xffff) < hotShare ? hotPages : pages;
    // Exact: both products are below 2^53 for fewer than 2^21 pages.
    return firstPage + Math.floor(((high >>> 0) * among + Math.floor(((low >>> 0) * among) / two32)) / two32);
  });
}
