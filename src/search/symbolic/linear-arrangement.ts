/**
 * Returns the mutual information of two bits in some states, in bits: 0 if they are independent, 1 if one decides the
 * other and both are as often 0 as 1 (C. Shannon, 1948).
 * @param states by state, by bit: its value
 */
export function mutualInformation(one: number, other: number, states: readonly Uint8Array[]): number {
  const counts = [0, 0, 0, 0];
  for (const state of states) counts[2 * state[one] + state[other]]++;
  const ofOne = [counts[0] + counts[1], counts[2] + counts[3]];
  const ofOther = [counts[0] + counts[2], counts[1] + counts[3]];
  let sum = 0;
  for (const [n, count] of counts.entries()) {
    if (count === 0) continue;
    sum += (count / states.length) * Math.log2((count * states.length) / (ofOne[n >> 1] * ofOther[n & 1]));
  }
  return sum;
}

/**
 * Arranges items in a line so that the sum of weight times distance is small (minimum linear arrangement): an item is
 * moved to a better place until there is none.
 * @param weights by item, by item: how close both should be; symmetric
 * @returns the items in their order
 */
export function arrange(weights: readonly (readonly number[])[]): number[] {
  const cost = (order: readonly number[]): number => {
    let sum = 0;
    for (let a = 0; a < order.length; a++) {
      for (let b = a + 1; b < order.length; b++) sum += weights[order[a]][order[b]] * (b - a);
    }
    return sum;
  };
  let best = weights.map((_, item) => item);
  for (let least = cost(best), isBetter = true; isBetter; ) {
    isBetter = false;
    for (let from = 0; from < best.length; from++) {
      for (let to = 0; to < best.length; to++) {
        const order = best.toSpliced(from, 1);
        order.splice(to, 0, best[from]);
        const sum = cost(order);
        if (sum >= least - minGain) continue;
        [best, least, isBetter] = [order, sum, true];
      }
    }
  }
  return best;
}

/** Smaller gains may be errors of rounding. */
const minGain = 1e-9;
