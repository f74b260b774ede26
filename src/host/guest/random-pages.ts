import type { Pattern } from '../vm/vcpu.ts';

const two32 = 2 ** 32;

/**
 * The pages that the guest writes one after the other where its pattern is random, as its code picks them: xorshift64 (Marsaglia, 13, 7, 17),
 * the lowest 16 bits of the state against the share of the hot set, and the upper part of the state times the number of pages.
 */
export function randomPages({ position, firstPage, pages, hotShare, hotPages }: Pattern, count: number): Int32Array {
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
