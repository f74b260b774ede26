import { refuseDependence } from '../../../compile/step-repetitions.ts';
import { none } from '../decision-diagrams.ts';
import type { StateSets } from '../state-sets.ts';

/**
 * Returns the visited states in which a predicate holds. It is walked like an action: what it answers in one state it
 * answers in all states on the path of that one. Yields from time to time.
 * @param what names the predicate in an error
 * @throws PrecopyError `BAD_DESIGN` if it answers differently in the same state
 */
export function* statesWhere(
  { diagrams, symbolic, states, slices }: StateSets,
  predicate: (view: never) => boolean,
  what: string,
): Generator<void, number, undefined> {
  const { symbols, program } = symbolic;
  const evaluate = (known: number) => {
    symbolic.load(diagrams, states, known);
    return { value: predicate(program.instance.view as never), domain: symbols.path };
  };
  const { length } = slices.held;
  for (let [known, holds]: [number, number] = [none, none]; ; ) {
    slices.held.push(known, holds);
    if (yield* slices.run(() => diagrams.implies(states, known))) {
      const result = yield* slices.run(() => diagrams.and(states, holds));
      slices.held.length = length;
      return result;
    }
    [known, holds] = yield* slices.run((): [number, number] => {
      const [first, { value, domain }] = [evaluate(known), evaluate(known)];
      if (first.value !== value || first.domain !== domain) return refuseDependence(what);
      return [diagrams.or(known, domain), value ? diagrams.or(holds, domain) : holds];
    });
    slices.held.length = length;
  }
}
