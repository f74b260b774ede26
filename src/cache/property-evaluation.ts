import { refuseDependence } from '../compile/step-repetitions.ts';
import type { Step } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';

/** A property that is evaluated. */
export interface PropertyQuery {
  /** index in `properties` */
  readonly property: number;
  readonly holds: (view: unknown, step: Step) => boolean;
  readonly isCover: boolean;
}

/** The value of a property, and what it depends on. */
export interface Evaluation {
  readonly value: boolean;
  /** the fields that were read, in order */
  readonly read: readonly BitField[];
  /** number of the fields that were read before the step was looked at; undefined if it was not */
  readonly readBeforeStep: number | undefined;
}

/**
 * Evaluates a property in a state and observes what it reads: a cover may look at the step in some states only, and
 * neither the number of its parameters nor their names tell whether it does.
 */
export function evaluateObserved(
  { property, holds }: PropertyQuery,
  instrumented: InstrumentedProgram,
  state: Int32Array,
  { actor, actions, payload }: Step,
): Evaluation {
  const { program, layout } = instrumented;
  let readBeforeStep: number | undefined;
  const look = <T>(value: T): T => {
    readBeforeStep ??= layout.read.length;
    return value;
  };
  const observed: Step = {
    get actor() {
      return look(actor);
    },
    get actions() {
      return look(actions);
    },
    get payload() {
      return look(payload);
    },
  };
  const evaluate = (): boolean => {
    readBeforeStep = undefined;
    return holds(program.instance.view, observed);
  };
  const refuseProperty = (): never => refuseDependence(`the property '${program.properties[property].id}'`);
  const value = instrumented.recordFunction(state, evaluate, refuseProperty);
  return { value, read: [...instrumented.read], readBeforeStep };
}
