import type { AnyDesign, CheckKind } from '../../model/design.ts';
import type { MemoryModel } from '../../model/store-buffer.ts';
import type { Progress } from '../../search/exploration.ts';
import type { SearchOptions } from './engines.ts';
import type { QuestionOptions } from './question.ts';
import type { CheckResult } from './verification-job.ts';

/**
 * Options of `checkDesign`.
 * @example
 * const options: CheckDesignOptions = { params: { pages: 2 }, checks: 'safety', workers: 4, maxSeconds: 60 };
 */
export interface CheckDesignOptions extends SearchOptions, QuestionOptions {
  /** parameters that differ from those of the design */
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel;
  /** only one kind of property; by default safety, and liveness if the design has such properties */
  readonly checks?: CheckKind;
  /** number of threads; by default the number of cores */
  readonly workers?: number;
  /** the module that exports the design: worker threads import it. Designs of precopy itself need none. */
  readonly file?: string;
  /** ends the search with a partial result */
  readonly signal?: AbortSignal;
}

/**
 * Checks a design: safety first, then liveness. Counterexamples are confirmed on live actors. The search runs in this
 * thread and in worker threads; without `file`, worker threads search only the designs of precopy itself.
 * @param onProgress called regularly during a search
 * @throws PrecopyError for options that cannot be combined, parameters out of range, unsupported statecharts, and a
 * property, a cover or a name in an expression that the design does not have
 * @example
 * const results = await checkDesign(rmapXchg, { params: { vcpus: 2 }, signal: AbortSignal.timeout(60_000) });
 * for (const { checks, exploration } of results) console.log(checks, exploration.verdict);
 */
export async function checkDesign(
  design: AnyDesign,
  options: CheckDesignOptions = {},
  onProgress: (progress: Progress) => void = () => {},
): Promise<readonly CheckResult[]> {
  // The registry loads all built-in designs: only a check needs them.
  const [{ CheckRunner }, { prepareJobs }, { assertCombinable }] = await Promise.all([
    import('./check-runner.ts'),
    import('./check-plan.ts'),
    import('./option-combinations.ts'),
  ]);
  const { isBuiltIn } = await import('../designs/design-registry.ts');
  const { checks, file } = options;
  assertCombinable(options, checks);
  const jobs = await prepareJobs({ design, ...(file !== undefined && { file }) }, options);
  const canUseWorkers = file !== undefined || (await isBuiltIn(design));
  const runner = new CheckRunner(canUseWorkers ? options : { ...options, workers: 1 }, {
    progressed: onProgress,
    jobFailed: (_, error) => {
      throw error;
    },
  });
  const results: CheckResult[] = [];
  for (const job of jobs) {
    const result = await runner.run(job);
    if (result) results.push(result);
  }
  return results;
}
