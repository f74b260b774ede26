import type { Program } from '../compile/program.ts';
import type { Property } from '../model/property.ts';
import { InstrumentedProgram } from './instrumented-program.ts';
import { evaluateObserved, type PropertyQuery } from './property-evaluation.ts';

/** States that are larger are not looked at: each word would get an accessor. */
const maxWords = 1024;

/**
 * Returns the ids of the properties that say nothing at the params of a program: they read nothing of the state, nor of
 * the step, so they are the same in every state, and are not violated in this one. A function that is compared and not
 * called reads nothing, nor does a cell that is taken for its value.
 * @param program its state becomes the initial one
 */
export function constantProperties(program: Program): string[] {
  if (program.state.length > maxWords) return [];
  program.reset();
  const instrumented = new InstrumentedProgram(program);
  const step = { actor: -1, actions: [], payload: 0 };
  return program.properties.flatMap((one, property) => {
    const holds = predicateOf(one);
    if (!holds) return [];
    const query = { property, holds, isCover: false };
    const { value, read, readBeforeStep } = evaluateObserved(query, instrumented, program.state, step);
    return value && read.length === 0 && readBeforeStep === undefined ? [one.id] : [];
  });
}

/** Returns the predicate of a safety property; undefined for a leads-to property. */
function predicateOf(property: Property): Predicate | undefined {
  switch (property.kind) {
    case 'invariant':
      return property.holds;
    case 'cover':
      return property.isHit;
    case 'deadlock':
      return property.isValidEndState;
    default:
      return undefined;
  }
}

type Predicate = PropertyQuery['holds'];
