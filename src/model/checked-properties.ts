import { ModelFault } from './errors.ts';
import { explain, modelCode, modelFunctionId, refuseAnswer, refuseModelCode } from './model-code.ts';
import type { Property } from './property.ts';

type Predicate = (view: never, second: never) => boolean;

const known = new WeakMap<Property, Property>();

/**
 * Returns the properties that apply at these params. Their predicates check that the answers are true or false.
 * @throws PrecopyError `BAD_DESIGN` if `where` of one answers neither true nor false
 */
export const propertiesAt = (all: readonly Property[], params: Readonly<Record<string, number>>): readonly Property[] =>
  all.filter((property) => appliesAt(property, params)).map(checkedProperty);

/**
 * Returns a property whose predicates must answer true or false, and are functions of what they are given. It is the
 * same object for the same property.
 */
function checkedProperty(property: Property): Property {
  const checked = known.get(property) ?? check(property);
  known.set(property, checked);
  return checked;
}

/**
 * Returns whether a property applies at some params.
 * @throws PrecopyError `BAD_DESIGN` if its `where` answers neither true nor false
 */
export function appliesAt({ id, where }: Property, params: Readonly<Record<string, number>>): boolean {
  return (
    where === undefined || checkedPredicate(modelFunctionId(`'where' of the property '${id}'`), where)(params as never)
  );
}

function check(property: Property): Property {
  const { id } = property;
  const of = <P extends Predicate>(part: string, predicate: P): P =>
    checkedPredicate(
      modelFunctionId(part === '' ? `the property '${id}'` : `'${part}' of the property '${id}'`),
      predicate,
    );
  switch (property.kind) {
    case 'invariant':
      return {
        ...property,
        holds: of('', property.holds),
        ...(property.each && { each: { ...property.each, holds: of('', property.each.holds) } }),
      };
    case 'cover':
      return { ...property, isHit: of('', property.isHit) };
    case 'deadlock':
      return { ...property, isValidEndState: of('', property.isValidEndState) };
    default: {
      const { from, to, strongly } = property;
      // Premises may share a condition, and still do.
      const conditions = new Map<unknown, (view: never) => boolean>();
      const condition = (when: (view: never) => boolean): ((view: never) => boolean) => {
        const checked = conditions.get(when) ?? of('when', when);
        conditions.set(when, checked);
        return checked;
      };
      const premises = strongly?.map((premise) =>
        premise.when ? { ...premise, when: condition(premise.when) } : premise,
      );
      return { ...property, from: of('from', from), to: of('to', to), ...(premises && { strongly: premises }) };
    }
  }
}

function checkedPredicate<P extends Predicate>(id: number, predicate: P): P {
  let calls = 0;
  return ((view: never, second: never): boolean => {
    modelCode.running = id;
    try {
      const answer: unknown = predicate(view, second);
      const truth = answer === true || (answer !== false && refuseAnswer(answer));
      if ((++calls < alwaysTwice || calls % sampleInterval === 0) && predicate(view, second) !== truth) {
        refuseModelCode(...inconstant);
      }
      modelCode.running = 0;
      return truth;
    } catch (error) {
      return fail(error);
    }
  }) as P;
}

/** The first calls of a predicate, and then one in so many, are repeated: the answer has to be the same. */
const alwaysTwice = 64;
const sampleInterval = 1024;
const inconstant = ['answers differently in one state', 'let the answer depend on the state alone'] as const;

/** Rethrows an exception of the running predicate. It is no step, so what a step may not do it may not either. */
function fail(error: unknown): never {
  if (error instanceof ModelFault) refuseModelCode(`reads what is not there: ${error.message}`, 'correct the property');
  const explained = explain(error);
  modelCode.running = 0;
  throw explained;
}
