import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';
import type { SymbolicBitmap } from './symbolic-bitmap.ts';
import type { SymbolicProgram } from './symbolic-program.ts';
import { bitsOf } from './variable-order.ts';

/**
 * Returns, by event, the set of states in which the actor has a transition for it, and a message to deliver is pending.
 * Guards are not evaluated. A drain is enabled where the store buffer is not empty.
 */
export function enabledSets(diagrams: DecisionDiagrams, symbolic: SymbolicProgram): number[] {
  const { program } = symbolic;
  const sets = program.events.map(({ isDrain, actor }) =>
    isDrain
      ? diagrams.not(statesWhere(diagrams, symbolic, () => program.instance.storeBuffers[actor].isEmpty()))
      : none,
  );
  for (const { location, ownEvents } of program.spontaneousActors) {
    for (const [leaf, events] of ownEvents.entries()) {
      const isThere = isNumber(diagrams, symbolic, bitsOf(location), leaf);
      for (const event of events) sets[event] = diagrams.or(sets[event], isThere);
    }
  }
  for (const { pending, location, candidates, deliveries } of program.mailboxes) {
    let accepts: number = none;
    for (const [leaf, { length }] of candidates.entries()) {
      if (length > 0) accepts = diagrams.or(accepts, isNumber(diagrams, symbolic, bitsOf(location), leaf));
    }
    for (const [sender, event] of deliveries.entries()) {
      const bit = (pending as SymbolicBitmap).firstBit + sender;
      sets[event] = diagrams.and(accepts, symbolic.roots[bit]);
    }
  }
  return sets;
}

/** Returns the set of states in which a field has this value. */
function isNumber(
  diagrams: DecisionDiagrams,
  { roots }: SymbolicProgram,
  bits: readonly number[],
  value: number,
): number {
  let set: number = all;
  for (const [n, bit] of bits.entries()) {
    set = ((value >>> n) & 1) === 1 ? diagrams.and(set, roots[bit]) : diagrams.difference(set, roots[bit]);
  }
  return set;
}

/** Returns the set of states in which a question about cells is answered with true. */
function statesWhere(diagrams: DecisionDiagrams, symbolic: SymbolicProgram, ask: () => boolean): number {
  let holds: number = none;
  for (let rest: number = all; rest !== none; ) {
    symbolic.load(diagrams, rest);
    const answer = ask();
    const { path } = symbolic.symbols;
    if (answer) holds = diagrams.or(holds, path);
    rest = diagrams.difference(rest, path);
  }
  return holds;
}
