import { labelOf, type SimulateDocument, type SweptFigures } from '../../app/simulate/simulate-document.ts';
import { showNs } from '../options/units.ts';
import { endReasonText } from '../report/simulate-table.ts';
import type { Case, Suite } from './outcomes.ts';

/**
 * Returns a suite for each design and point of a sweep: its runs, the invariants of sampled states, and the thresholds.
 *
 * @param thresholds the texts of `--expect`
 */
export function simulateSuites(
  { designs, brokenThresholds, notRun }: Pick<SimulateDocument, 'designs' | 'brokenThresholds' | 'notRun'>,
  thresholds: readonly string[] = [],
): Suite[] {
  const isBroken = (label: string, text: string): boolean =>
    brokenThresholds.some(({ design, threshold }) => design === label && threshold === text);
  return [
    ...designs.map((figures) => ({
      name: `simulate ${labelOf(figures)}`,
      seconds: figures.wallSeconds,
      cases: [
        runCase(figures),
        ...invariantCases(figures),
        ...thresholds.map((text) => thresholdCase(text, isBroken(labelOf(figures), text))),
      ],
    })),
    ...notRun.map(({ design, reason }) => ({
      name: `simulate ${design}`,
      seconds: 0,
      cases: [{ name: 'run', outcome: 'undecided' as const, message: `not run: ${endReasonText[reason]}` }],
    })),
  ];
}

function runCase({ endedEarly, violation }: SweptFigures): Case {
  if (endedEarly === undefined || violation) return { name: 'run', outcome: 'passed' };
  return { name: 'run', outcome: 'undecided', message: `partial figures: ${endReasonText[endedEarly]}` };
}

function invariantCases({ safety, violation }: SweptFigures): Case[] {
  const names = new Set([...safety.properties, ...(violation ? [violation.property] : [])]);
  return [...names].map((name) => {
    if (violation?.property !== name) {
      if (safety.checks > 0) return { name, outcome: 'passed' };
      return { name, outcome: 'skipped', message: 'no state was sampled' };
    }
    const { atNs, run, detail } = violation;
    const message = `violated after ${showNs(atNs)}, in run ${run}${detail === undefined ? '' : `: ${detail}`}`;
    return { name, outcome: 'failed', message };
  });
}

function thresholdCase(text: string, isBroken: boolean): Case {
  if (!isBroken) return { name: `expect ${text}`, outcome: 'passed' };
  return { name: `expect ${text}`, outcome: 'failed', message: `not ${text}` };
}
