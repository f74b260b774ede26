import type { DesignEntry, MutantEntry, NotChecked } from '../../app/check/check-schema.ts';
import type { Case, Suite } from './outcomes.ts';

/** Results of a check, as the exit code counts them. */
interface CheckedEntries {
  /** designs and mutants of which the properties have to hold */
  readonly designs: readonly DesignEntry[];
  /** mutants that have to be killed */
  readonly mutants: readonly MutantEntry[];
  readonly notChecked: readonly NotChecked[];
}

/** Returns a suite for each design, with a case for each property and cover, and one for each mutant. */
export function checkSuites({ designs, mutants, notChecked }: CheckedEntries): Suite[] {
  return [
    ...designs.map((entry) => ({ name: suiteName(entry.design), seconds: secondsOf(entry), cases: casesOf(entry) })),
    ...mutants.map((entry) => ({ name: suiteName(entry.design), seconds: secondsOf(entry), cases: [killOf(entry)] })),
    ...notChecked.map(({ design, reason }) => ({
      name: suiteName(design),
      seconds: 0,
      cases: [{ name: 'search', outcome: 'undecided' as const, message: `not checked: ${reason}` }],
    })),
  ];
}

const suiteName = (design: string): string => `check ${design}`;

const secondsOf = ({ seconds, secondSafety, liveness }: DesignEntry): number =>
  seconds + (secondSafety?.seconds ?? 0) + (liveness?.seconds ?? 0);

function casesOf(entry: DesignEntry): Case[] {
  if (entry.goal) return [goalOf(entry, entry.goal)];
  const properties = entry.properties.map((property) => propertyCase(property, entry));
  const covers = entry.verdict === 'holds' ? entry.covers.map(coverCase) : [];
  return [searchCase(entry, properties), ...properties, ...covers];
}

/** Returns the case of a search as a whole. It fails where no property says why the design does not hold. */
function searchCase({ verdict, ...entry }: DesignEntry, properties: readonly Case[]): Case {
  const name = 'search';
  if (verdict === 'inconclusive') return { name, outcome: 'undecided', message: 'inconclusive: a limit stopped it' };
  if (verdict === 'holds' || properties.some(({ outcome }) => outcome === 'failed')) return { name, outcome: 'passed' };
  return { name, outcome: 'failed', message: counterexampleText(entry, undefined) };
}

function propertyCase({ id, kind, verdict }: DesignEntry['properties'][number], entry: DesignEntry): Case {
  const wasChecked = entry.checks.includes(kind === 'leads-to' ? 'liveness' : 'safety');
  if (verdict === 'holds') return { name: id, outcome: 'passed' };
  if (verdict === 'violated') return { name: id, outcome: 'failed', message: counterexampleText(entry, id) };
  if (!wasChecked) return { name: id, outcome: 'skipped', message: `only ${entry.checks.join(', ')} was checked` };
  if (entry.verdict !== 'violated')
    return { name: id, outcome: 'undecided', message: 'inconclusive: neither proved nor violated' };
  return { name: id, outcome: 'skipped', message: 'the search ended at the violation of another property' };
}

function coverCase({ id, hit }: DesignEntry['covers'][number]): Case {
  if (hit) return { name: `cover ${id}`, outcome: 'passed' };
  return { name: `cover ${id}`, outcome: 'skipped', message: 'not hit: the properties hold without it' };
}

function goalOf({ verdict }: DesignEntry, { until, show }: NonNullable<DesignEntry['goal']>): Case {
  const name = until === undefined ? `show ${show}` : `until ${until}`;
  if (verdict === 'holds') return { name, outcome: 'passed' };
  if (verdict === 'violated') return { name, outcome: 'failed', message: 'it is proved that no run reaches it' };
  return { name, outcome: 'undecided', message: 'inconclusive: no run was found before a limit' };
}

function killOf({ killed, verdict, atOwnParams, breaks, bug }: MutantEntry): Case {
  const name = `killed by ${breaks} or another property`;
  if (killed) return { name, outcome: 'passed' };
  if (verdict === 'holds' && atOwnParams) return { name, outcome: 'failed', message: `survived: ${bug}` };
  const why = atOwnParams ? 'inconclusive: a limit stopped the search' : 'not killed at params below its own';
  return { name, outcome: 'undecided', message: why };
}

/** Describes the counterexample of a property, or of any with `undefined`, with a command that replays it. */
function counterexampleText({ counterexample, all }: Pick<DesignEntry, 'counterexample' | 'all'>, id?: string): string {
  const found = [...(counterexample ? [counterexample] : []), ...(all?.violations ?? [])];
  const one = found.find(({ property }) => id === undefined || property === id);
  if (!one) return 'violated';
  return `${one.property} is violated after ${one.length} steps\nschedule: ${one.schedule}`;
}
