/** A call on a bitmap: `set_bit`, or a snapshot, which clears some words and returns their old contents. */
type Call =
  | { readonly kind: 'set'; readonly bit: number }
  | { readonly kind: 'snapshot'; readonly first: number; readonly count: number };

/** A call in a history, from its invocation to its return. */
export interface Operation {
  readonly call: Call;
  readonly invoked: number;
  /** absent if the call has not returned: it may have taken effect or not */
  readonly returned?: number;
  /** result of a snapshot: a number whose bit `n` is bit `n` of the bitmap */
  readonly result?: number;
}

/** Returns the contents of the bitmap after a call; undefined if the call cannot have this result. */
function apply(contents: number, { call, returned, result }: Operation): number | undefined {
  if (call.kind === 'set') return contents | (1 << call.bit);
  const mask = ((2 ** call.count - 1) << call.first) | 0;
  if (returned !== undefined && (contents & mask) !== result) return undefined;
  return contents & ~mask;
}

/**
 * Returns a linearization of a history: an order in which all calls take effect at one moment each, between invocation
 * and return. Returns undefined if there is none. The search is that of J. Wing and C. Gong ("Testing and verifying
 * concurrent objects", 1993); pairs of linearized calls and contents are visited once (G. Lowe, "Testing for
 * linearizability", 2017).
 */
export function linearize(history: readonly Operation[], initial = 0): Operation[] | undefined {
  const visited = new Set<string>();
  const linearized = history.map(() => false);
  const order: Operation[] = [];

  const search = (contents: number): boolean => {
    if (history.every(({ returned }, n) => linearized[n] || returned === undefined)) return true;
    const key = `${linearized.map(Number).join('')} ${contents}`;
    if (visited.has(key)) return false;
    visited.add(key);
    const firstReturn = Math.min(...history.map(({ returned = Infinity }, n) => (linearized[n] ? Infinity : returned)));
    for (const [n, operation] of history.entries()) {
      if (linearized[n] || operation.invoked > firstReturn) continue;
      const after = apply(contents, operation);
      if (after === undefined) continue;
      linearized[n] = true;
      order.push(operation);
      if (search(after)) return true;
      linearized[n] = false;
      order.pop();
    }
    return false;
  };
  return search(initial) ? order : undefined;
}
