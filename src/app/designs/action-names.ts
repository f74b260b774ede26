import type { AnyDesign } from '../../model/design.ts';
import type { Machine } from '../../model/machine.ts';

/** The names of all actions that the machines of these designs can run. */
export function actionNamesOf(designs: readonly AnyDesign[]): string[] {
  const machines = designs.flatMap(({ machines }) => Object.values(machines) as Machine[]);
  return [...new Set(machines.flatMap(({ definition }) => Object.keys(definition.actions)))];
}
