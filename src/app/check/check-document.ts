import type { TransitionInfo } from '../../compile/transition-tables.ts';
import { type AnyDesign, isBelowOwnParams } from '../../model/design.ts';
import type { Property } from '../../model/property.ts';
import type { Trace } from '../../model/trace.ts';
import type { Coverage } from '../../search/bfs/coverage.ts';
import type { Verdict } from '../../search/exploration.ts';
import { stemOf } from '../../trace/describe.ts';
import { traceToDocument } from '../../trace/json.ts';
import type {
  CheckDocument,
  CounterexampleEntry,
  DesignEntry,
  MutantEntry,
  NotChecked,
  SearchFigures,
} from './check-schema.ts';
import { isGoal } from './goal.ts';
import type { CheckResult } from './verification-job.ts';

/**
 * Creates the document of `check --json`.
 * @param results of the designs and mutants that are reported one by one
 * @param mutants results of the table of mutants; their traces are omitted
 */
export function createCheckDocument({
  results,
  mutants,
  notChecked,
}: {
  readonly results: readonly CheckResult[];
  readonly mutants: readonly CheckResult[];
  readonly notChecked: readonly NotChecked[];
}): CheckDocument {
  const single = byDesign(results);
  const entries = [
    ...single.filter(([{ design }]) => design.mutation).map((both) => mutantEntry(both, { withTrace: true })),
    ...byDesign(mutants).map((both) => mutantEntry(both, { withTrace: false })),
  ];
  return {
    format: 'precopy-check',
    version: 2,
    designs: single.filter(([{ design }]) => !design.mutation).map((both) => designEntry(both, { withTrace: true })),
    ...(entries.length > 0 && { mutants: entries }),
    notChecked,
  };
}

/** Creates the entry of one result of a design or mutant, without its trace. */
export const createEntry = (result: CheckResult): DesignEntry => designEntry([result], { withTrace: false });

/** The results of one design: of safety, at one size or two, of liveness, or of both in this order. */
type ResultsOfDesign = readonly [CheckResult, ...CheckResult[]];

interface EntryOptions {
  readonly withTrace: boolean;
}

function byDesign(results: readonly CheckResult[]): ResultsOfDesign[] {
  const groups = new Map<AnyDesign, [CheckResult, ...CheckResult[]]>();
  for (const result of results) {
    const group = groups.get(result.design);
    if (group) group.push(result);
    else groups.set(result.design, [result]);
  }
  return [...groups.values()];
}

function designEntry(results: ResultsOfDesign, options: EntryOptions): DesignEntry {
  const [first, ...others] = results;
  const second = others.find(({ isSecond }) => isSecond);
  const liveness = others.find(({ checks }) => checks === 'liveness');
  const { exploration, design } = first;
  const {
    covers,
    reductions = [],
    sampled,
    bitstate,
    swarm,
    dpor,
    symbolic,
    anyNumber,
    preemptions,
    coverage,
  } = exploration;
  const violated = results.find(({ trace }) => trace?.violation);
  return {
    design: design.id,
    ...searchFigures(first),
    verdict: worstVerdict(results.map(({ exploration }) => exploration.verdict)),
    reductions,
    checks: [...new Set(results.map(({ checks }) => checks))],
    properties: withWorstVerdicts(results).flatMap(({ design, exploration, leftOut = [] }) => [
      ...exploration.properties.map((property) => ({ ...property, kind: kindOf(design, property.id) })),
      ...leftOut.map((id) => ({ id, kind: 'leads-to' as const, verdict: 'inconclusive' as const })),
    ]),
    covers,
    ...(sampled && { sampled }),
    ...(bitstate && { bitstate }),
    ...(swarm && { swarm }),
    ...(dpor && { dpor }),
    ...(symbolic && { symbolic }),
    ...(anyNumber && {
      anyNumber: { ...anyNumber, triedAt: [...anyNumber.triedAt], notProved: [...anyNumber.notProved] },
    }),
    ...(preemptions !== undefined && { preemptions }),
    ...(coverage && { coverage: coverageEntry(coverage) }),
    ...(second && { secondSafety: searchFigures(second) }),
    ...(liveness && { liveness: searchFigures(liveness) }),
    ...allEntry(first, options),
    ...goalEntry(first),
    ...(violated?.trace && { counterexample: counterexampleEntry(violated.trace, options) }),
  };
}

/** Returns the results without that of a second size, whose verdicts on properties count in the first one. */
function withWorstVerdicts(results: ResultsOfDesign): readonly CheckResult[] {
  const second = results.find(({ isSecond }) => isSecond);
  if (!second) return results;
  const verdictAt = ({ exploration }: CheckResult, id: string): Verdict[] =>
    exploration.properties.filter((property) => property.id === id).map(({ verdict }) => verdict);
  return results
    .filter((result) => result !== second)
    .map((result) => {
      const properties = result.exploration.properties.map(({ id, verdict }) => ({
        id,
        verdict: result.checks === 'safety' ? worstVerdict([verdict, ...verdictAt(second, id)]) : verdict,
      }));
      return { ...result, exploration: { ...result.exploration, properties } };
    });
}

function searchFigures({ design, params, exploration, seconds, cpuSeconds, sayNothing }: CheckResult): SearchFigures {
  const { verdict, stoppedBy, states, transitions, depth, statesLeft, collisionProbability } = exploration;
  const { tableBytes, frontierBytes, untaken } = exploration;
  return {
    params,
    memoryModel: design.memoryModel ?? 'sc',
    verdict,
    ...(stoppedBy && { stoppedBy }),
    states,
    transitions,
    ...(depth !== undefined && { depth }),
    ...(statesLeft !== undefined && { statesLeft }),
    seconds: Math.round(seconds * 1e6) / 1e6,
    ...(cpuSeconds !== undefined && { cpuSeconds }),
    collisionProbability,
    tableBytes,
    ...(frontierBytes !== undefined && { frontierBytes }),
    ...(untaken && { untaken: untaken.map(transitionName) }),
    ...(sayNothing && { sayNothing: [...sayNothing] }),
  };
}

function coverageEntry({ transitions, deadCells }: Coverage): NonNullable<DesignEntry['coverage']> {
  return {
    transitions: transitions.map((transition) => {
      const { actions, taken, newStates } = transition;
      return { ...transitionName(transition), actions, taken, newStates };
    }),
    deadCells,
  };
}

const transitionName = ({ machine, source, event, index, target }: TransitionInfo) => ({
  machine,
  source,
  event,
  index,
  ...(target !== undefined && { target }),
});

function counterexampleEntry(trace: Trace, { withTrace }: EntryOptions): CounterexampleEntry {
  const { violation, steps, schedule, cycle } = trace;
  return {
    property: violation?.property ?? '',
    length: steps.length,
    ...(cycle !== undefined && { stem: stemOf(trace), cycle }),
    schedule,
    ...(withTrace && { trace: traceToDocument(trace) }),
  };
}

function allEntry({ exploration: { all }, traces = [] }: CheckResult, options: EntryOptions): Pick<DesignEntry, 'all'> {
  if (!all) return {};
  const { violations, terminalStates, deadlockedStates } = all;
  const counted = violations.flatMap(({ property, count, counted }, n) => {
    const trace = traces[n];
    return trace ? [{ ...counterexampleEntry(trace, options), property, count, counted }] : [];
  });
  return { all: { violations: counted, terminalStates, deadlockedStates } };
}

function goalEntry({ question, run }: CheckResult): Pick<DesignEntry, 'goal'> {
  if (question === undefined || !isGoal(question)) return {};
  const { steps = [], schedule = '' } = run ?? {};
  return {
    goal: { ...question, ...(run && { run: { length: steps.length, schedule, trace: traceToDocument(run) } }) },
  };
}

function kindOf({ properties }: AnyDesign, id: string): Exclude<Property['kind'], 'cover'> {
  const kind = (properties as readonly Property[]).find((property) => property.id === id)?.kind;
  return kind === undefined || kind === 'cover' ? 'invariant' : kind;
}

function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  const order: readonly Verdict[] = ['violated', 'inconclusive', 'holds'];
  return order.find((verdict) => verdicts.includes(verdict)) ?? 'holds';
}

function mutantEntry(results: ResultsOfDesign, options: EntryOptions): MutantEntry {
  const { design } = results[0];
  const { mutation, mutantOf = '' } = design;
  const entry = designEntry(results, options);
  return {
    ...entry,
    mutantOf,
    bug: mutation?.bug ?? '',
    ...(mutation?.fixedBy !== undefined && { fixedBy: mutation.fixedBy }),
    breaks: mutation?.breaks ?? '',
    killed: entry.verdict === 'violated',
    atOwnParams: !isBelowOwnParams(design, entry.params),
  };
}
