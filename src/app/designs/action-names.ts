import type { AnyDesign } from '../../model/design.ts';
import type { Machine } from '../../model/machine.ts';

/** Returns the names of all actions of the machines of some designs. */
export function actionNamesOf(designs: readonly AnyDesign[]): string[] {
  const machines = designs.flatMap(({ machines }) => Object.values(machines) as Machine[]);
  return [...new Set(machines.flatMap(({ definition }) => Object.keys(definition.actions)))];
}
