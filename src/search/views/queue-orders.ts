/**
 * Enumerates the orders in which processes may stand in queues: those with the same entries before them, in all
 * permutations. A view does not tell how its process stands to others.
 * @param places by queue and slot: 0 if the slot is not in the queue, else 1 and the number of other entries before it
 * @returns by order, queue and slot: its rank among the processes
 */
export function queueOrders(places: readonly (readonly number[])[]): readonly (readonly number[][])[] {
  const key = places.join(';');
  const found = known.get(key) ?? enumerate(places);
  known.set(key, found);
  return found;
}

/** Few places occur, each of them often. */
const known = new Map<string, readonly (readonly number[][])[]>();

function enumerate(places: readonly (readonly number[])[]): number[][][] {
  let orders: number[][][] = [[]];
  for (const ofQueue of places) {
    const ranks = ranksOf(ofQueue);
    orders = orders.flatMap((order) => ranks.map((ranks) => [...order, ranks]));
  }
  return orders;
}

/** Returns the ranks of slots in one queue, in all orders that differ. */
function ranksOf(places: readonly number[]): number[][] {
  const waiting = places.flatMap((place, slot) => (place > 0 ? [slot] : []));
  const permuted = permutations(waiting).map((order) => places.map((_, slot) => order.indexOf(slot)));
  const differing = new Map(
    permuted.map((ranks) => [waiting.flatMap((a) => waiting.map((b) => isBefore(places, ranks, a, b))).join(), ranks]),
  );
  return [...differing.values()];
}

const isBefore = (places: readonly number[], ranks: readonly number[], a: number, b: number): boolean =>
  places[a] < places[b] || (places[a] === places[b] && ranks[a] < ranks[b]);

function permutations(list: readonly number[]): number[][] {
  if (list.length < 2) return [[...list]];
  return list.flatMap((first) => permutations(list.filter((one) => one !== first)).map((rest) => [first, ...rest]));
}
