import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import { wellFormed } from '../model/property.ts';
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
 * @throws PrecopyError `INTERNAL` if live actors violate another property, or none; `BAD_DESIGN` if they find a mistake
 * in how the design is written
 */
export function confirmCounterexample(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  { property, schedule, cycle }: ReportedViolation,
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
    trace = replay(design, params, schedule, cycle);
    // a search for fair cycles looks at no invariant, so one may be violated before the step that is a fault
    const isEarlier = trace.steps.length < schedule.length && trace.violation !== undefined;
    if (property === wellFormed && isEarlier) trace = replay(design, params, schedule, cycle, []);
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
