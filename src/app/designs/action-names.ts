import type { AnyDesign } from '../../model/design.ts';
import type { Machine } from '../../model/machine.ts';
import type { Messages } from '../../model/messages.ts';

/** Returns the names of all actions of the machines of some designs. */
export function actionNamesOf(designs: readonly AnyDesign[]): string[] {
  const machines = designs.flatMap(({ machines }) => Object.values(machines) as Machine[]);
  return [...new Set(machines.flatMap(({ definition }) => Object.keys(definition.actions)))];
}

/** Returns the types of all posted messages of some designs, which have latencies. */
export function postedMessagesOf(designs: readonly AnyDesign[]): string[] {
  const all = designs.flatMap(({ system }) => Object.entries(system.spec.messages as Messages));
  return [...new Set(all.flatMap(([type, { delivery }]) => (delivery === 'posted' ? [type] : [])))];
}
