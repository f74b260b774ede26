import type { CheckResult } from '../../app/check/verification-job.ts';
import type { AnyNumberFigures } from '../../search/exploration.ts';
import { showBytes, showSeconds } from '../options/units.ts';
import { plural } from './plural.ts';

/** Describes a proof for any number: how many views there are, and at which numbers it was tried what depends on it. */
export function describeAnyNumber({ exploration, seconds }: CheckResult, figures: AnyNumberFigures): string[] {
  const { param, views, wholes, configurations, triedAt } = figures;
  return [
    `${plural(views, 'view')} of ${plural(wholes, 'state')} beside the ${param}, ${showSeconds(seconds)}`,
    `${plural(configurations, 'configuration')}, ${showBytes(exploration.tableBytes)}; steps and properties tried at ${triedAt.join(' and ')} ${param} too`,
  ];
}
