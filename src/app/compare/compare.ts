import { createCheckDocument } from '../check/check-document.ts';
import { planCheck } from '../check/check-plan.ts';
import type { NotChecked } from '../check/check-schema.ts';
import type { CheckResult, VerificationJob } from '../check/verification-job.ts';
import { designs } from '../designs/design-registry.ts';
import {
  planSimulation,
  runSimulation,
  type SimulateHooks,
  type SimulateResult,
  type SimulationPlan,
} from '../simulate/simulate.ts';
import { createSimulateDocument } from '../simulate/simulate-document.ts';
import type { ExperimentOptions } from '../simulate/simulation-options.ts';
import type { CompareDocument } from './compare-document.ts';

/** Options of `compare`. Times are in seconds, sizes in bytes. */
export interface CompareOptions extends ExperimentOptions {
  readonly collectEvery: number;
  /** parameters of the checked model; each design's own by default */
  readonly checkParams?: Readonly<Record<string, number>>;
}

/** Runs verification jobs, as `CheckRunner` does. */
export interface JobRunner {
  run(job: VerificationJob): Promise<CheckResult | undefined>;
  readonly notChecked: readonly NotChecked[];
}

/** Verdicts and figures of designs, and the document that joins them. */
export interface Comparison {
  readonly checkResults: readonly CheckResult[];
  readonly simulation: SimulateResult;
  readonly document: CompareDocument;
}

/** Jobs and experiments of a comparison. */
export interface ComparisonPlan {
  readonly options: CompareOptions;
  readonly jobs: readonly VerificationJob[];
  readonly simulation: SimulationPlan;
}

/**
 * Plans the checks and the simulation of designs: of all built-in designs if `names` is empty.
 * @throws PrecopyError for unknown names and invalid options
 */
export async function planComparison(names: readonly string[], options: CompareOptions): Promise<ComparisonPlan> {
  const ids = names.length > 0 ? names : designs.map(({ id }) => id);
  const simulation = await planSimulation(ids, options);
  const { designs: jobs } = await planCheck(ids, { params: options.checkParams ?? {} });
  return { options, jobs, simulation };
}

/** Checks designs, then simulates them. The document joins that of `check` with that of `simulate`. */
export async function runComparison(
  plan: ComparisonPlan,
  runner: JobRunner,
  hooks: SimulateHooks = {},
): Promise<Comparison> {
  const checkResults: CheckResult[] = [];
  for (const job of plan.jobs) {
    const result = await runner.run(job);
    if (result) checkResults.push(result);
  }
  const simulation = await runSimulation(plan.simulation, hooks);
  const document: CompareDocument = {
    format: 'precopy-compare',
    version: 2,
    collectEverySeconds: plan.options.collectEvery,
    check: createCheckDocument({ results: checkResults, mutants: [], notChecked: runner.notChecked }),
    simulate: createSimulateDocument(simulation, plan.options),
  };
  return { checkResults, simulation, document };
}
