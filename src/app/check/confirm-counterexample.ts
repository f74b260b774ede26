import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Trace } from '../../model/trace.ts';
import type { Exploration } from '../../search/exploration.ts';

type Violation = NonNullable<Exploration['violation']>;

/**
 * Confirms a violation: live actors execute its schedule.
 * @throws PrecopyError `INTERNAL` if live actors violate another property, or none
 */
export async function confirmCounterexample(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  { property, schedule, cycle }: Violation,
): Promise<Trace> {
  const { replay } = await import('../../live/replay.ts');
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
  } catch (error) {
    return contradict(`fail: ${error instanceof Error ? error.message : error}`);
  }
  const { violation, steps } = trace;
  if (!violation) return contradict('violate nothing');
  if (violation.property !== property || steps.length !== schedule.length + (cycle?.length ?? 0)) {
    return contradict(`violate ${violation.property} at step ${steps.length}`);
  }
  return trace;
}
