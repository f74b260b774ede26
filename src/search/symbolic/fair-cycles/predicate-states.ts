import { refuseDependence } from '../../../compile/step-repetitions.ts';
import { none } from '../decision-diagrams.ts';
import type { StateSets } from '../state-sets.ts';

/**
 * Returns a set whose visited states are those in which a predicate holds; it may contain others, so that its diagram
 * is small. The predicate is walked like an action: what it answers in one state it answers in all states on the path
 * of that one. Yields from time to time.
 * @param what names the predicate in an error
 * @throws PrecopyError `BAD_DESIGN` if it answers differently in the same state
 */
export function* statesWhere(
  { diagrams, symbolic, states, slices }: StateSets,
  predicate: (view: never) => boolean,
  what: string,
): Generator<void, number, undefined> {
  const { symbols, program } = symbolic;
  const evaluate = (rest: number) => {
    symbolic.load(diagrams, rest);
    return { value: predicate(program.instance.view as never), domain: symbols.path };
  };
  let holds: number = none;
  const holder = () => [holds];
  slices.holders.push(holder);
  try {
    yield* slices.exhaust(states, (rest) => {
      const [first, { value, domain }] = [evaluate(rest), evaluate(rest)];
      if (first.value !== value || first.domain !== domain) return refuseDependence(what);
      if (value) holds = diagrams.or(holds, domain);
      return diagrams.difference(rest, domain);
    });
    return holds;
  } finally {
    slices.holders.splice(slices.holders.indexOf(holder), 1);
  }
}
