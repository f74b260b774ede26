import { buildGraph } from '../reference/graph.ts';
import type { Specification } from '../reference/specification.ts';
import { System } from '../reference/system.ts';
import { type Comparison, comparisons } from './engines.ts';
import { compareAll, type Failure } from './fuzz.ts';

/**
 * Makes the system of a failure smaller, as long as it fails in the same way: parts are left out, expressions replaced
 * by parts of themselves, and numbers made less.
 * @param mayGoOn asked before each attempt
 */
export function shrinkFailure(failure: Failure, maxStates: number, mayGoOn: () => boolean): Failure {
  const chosen = comparisons.filter(({ name }) => name === failure.comparison);
  let best = failure;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    for (const specification of smaller(best.sample.specification, '')) {
      if (!mayGoOn()) return best;
      const found = failureOf(specification as Specification, best, maxStates, chosen);
      if (found?.comparison !== failure.comparison || found.what !== failure.what) continue;
      best = found;
      isSmaller = true;
      break;
    }
  }
  return best;
}

function failureOf(
  specification: Specification,
  { sample }: Failure,
  maxStates: number,
  chosen: readonly Comparison[],
): Failure | undefined {
  try {
    const graph = buildGraph(new System(specification), maxStates);
    return graph && compareAll({ ...sample, specification, graph }, chosen);
  } catch {
    // What the reference cannot read is no system.
    return undefined;
  }
}

/** Records whose entries may be left out, and properties that may. */
const maps = 'messages machines events registers actions ghost guards states on processIds'.split(' ');
const optional = 'guard target reenter coarse list final optional forEach finitely strongly symmetry kinds'.split(' ');

/** Yields what is left of a value without one of its parts, the large parts first. */
function* smaller(value: unknown, name: string): Generator<unknown> {
  if (typeof value === 'number' && value > 0) {
    yield 0;
    if (value > 1) yield value - 1;
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const isList = Array.isArray(value);
  const entries = Object.entries(value);
  const rebuilt = (parts: readonly (readonly [string, unknown])[]): unknown =>
    isList ? parts.map(([, part]) => part) : Object.fromEntries(parts);
  for (const [key] of entries) {
    const mayBeLeftOut = isList || maps.includes(name) || optional.includes(key);
    if (mayBeLeftOut) yield rebuilt(entries.filter(([other]) => other !== key));
  }
  // An expression may be replaced by a constant or by one of its operands.
  if ('op' in value || 'not' in value || 'call' in value) {
    yield* [0, 1];
    for (const [key, part] of entries) if (['left', 'right', 'not'].includes(key)) yield part;
  }
  for (const [key, part] of entries) {
    for (const less of smaller(part, isList ? '' : key)) {
      yield rebuilt(entries.map(([other, kept]) => [other, other === key ? less : kept] as const));
    }
  }
}
