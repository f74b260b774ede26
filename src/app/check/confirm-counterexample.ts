import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Trace } from '../../model/trace.ts';
import type { Exploration } from '../../search/exploration.ts';

type Violation = NonNullable<Exploration['violation']>;

/**
 * Takes the schedule of a violation on live actors.
 * @throws PrecopyError `INTERNAL` when they see another violation, or none: then precopy knows nothing, and says so
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
      `the search found that ${design.id} breaks ${property} at step ${schedule.length}, and live actors ${live}`,
      'please report this, unless an action or a guard depends on something beside its context and event',
    );
  };
  let trace: Trace;
  try {
    trace = replay(design, params, schedule, cycle);
  } catch (error) {
    return contradict(`cannot follow: ${error instanceof Error ? error.message : error}`);
  }
  const { violation, steps } = trace;
  if (!violation) return contradict('see nothing break');
  if (violation.property !== property || steps.length !== schedule.length + (cycle?.length ?? 0)) {
    return contradict(`see ${violation.property} break at step ${steps.length}`);
  }
  return trace;
}
