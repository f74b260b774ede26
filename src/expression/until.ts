import type { AnyDesign } from '../model/design.ts';
import type { Property } from '../model/property.ts';
import { compileExpression } from './compile-expression.ts';

/** The id of the property that a run to a state violates. */
const untilId = 'until';

/**
 * Creates the invariant that an expression is false in every state: what violates it is a run to a state in which it is
 * true.
 * @throws PrecopyError `BAD_PARAMETER` for a mistake in the expression
 */
export function untilProperty(text: string, design: AnyDesign, params: Readonly<Record<string, number>>): Property {
  const happens = compileExpression(text, design, params);
  return { kind: 'invariant', id: untilId, description: text, holds: (view) => !happens(view) };
}
