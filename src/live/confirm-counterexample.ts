import type { Choice } from '../model/choices.ts';
import { type AnyDesign, type CheckKind, checkKindOf } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Property } from '../model/property.ts';
import type { Trace } from '../model/trace.ts';
import { replay } from './replay.ts';

/** A violation that a search reports: the property, and a schedule or a lasso that violates it. */
export interface ReportedViolation {
  /** id of the property */
  readonly property: string;
  readonly schedule: readonly Choice[];
  readonly cycle?: readonly Choice[];
}

/**
 * Confirms a violation: live actors execute its schedule.
 * @param checks the kind of properties that the search looked at. One for fair cycles looks at no invariant, which may
 * be violated before the step that it reports as a fault.
 * @throws PrecopyError `INTERNAL` if live actors violate another property, or none; `BAD_DESIGN` if they find a mistake
 * in how the design is written
 */
export function confirmCounterexample(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  { property, schedule, cycle }: ReportedViolation,
  checks: CheckKind = 'safety',
): Trace {
  const contradict = (live: string): never => {
    throw new PrecopyError(
      'INTERNAL',
      `the search found that ${design.id} violates ${property} at step ${schedule.length}, but live actors ${live}`,
      'please report this, unless an action or a guard depends on anything but its context and event',
    );
  };
  let trace: Trace;
  try {
    const properties = (design.properties as readonly Property[]).filter((one) => checkKindOf(one) === checks);
    trace = replay({ ...design, properties }, params, schedule, cycle);
  } catch (error) {
    if (error instanceof PrecopyError && error.code === 'BAD_DESIGN') throw error;
    return contradict(`fail: ${error instanceof Error ? error.message : error}`);
  }
  const { violation, steps } = trace;
  if (!violation) return contradict('violate nothing');
  if (violation.property !== property || steps.length !== schedule.length + (cycle?.length ?? 0)) {
    return contradict(`violate ${violation.property} at step ${steps.length}`);
  }
  return trace;
}
