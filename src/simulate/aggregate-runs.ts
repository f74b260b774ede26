import jstat from 'jstat';
import type { Distribution } from '../clock/distribution.ts';
import { Histogram } from '../clock/histogram.ts';
import type { AnyDesign } from '../model/design.ts';
import { type DesignFigures, type DistributionName, distributionNames, type Estimate } from './results.ts';
import type { RunFigures } from './run-figures.ts';

const quantiles: readonly (keyof Distribution)[] = ['mean', 'p50', 'p90', 'p99', 'p999', 'max'];

/** What the figures of a design say of it. */
type DescribedDesign = Pick<AnyDesign, 'id' | 'title'> & {
  readonly properties: readonly { readonly id: string; readonly kind: string }[];
};

/**
 * Aggregates the runs of a design: counts are summed; times and rates are means. Sorts the runs by number first, so
 * that the order in which workers finish does not change a figure.
 */
export function aggregateRuns(
  design: DescribedDesign,
  unordered: readonly RunFigures[],
  wallSeconds: number,
): DesignFigures {
  const aggregate = new RunAggregate();
  for (const run of [...unordered].sort((a, b) => a.run - b.run)) aggregate.add(run);
  return aggregate.figuresOf(design, wallSeconds);
}

type HistogramField = 'vcpuWriteNs' | 'holdNs' | 'waitNs' | 'getDirtyLogNs' | 'clearDirtyLogNs';

/** Aggregates runs one by one, in the order of their numbers. It keeps the histograms of none. */
export class RunAggregate {
  private readonly runs: Omit<RunFigures, HistogramField>[] = [];
  private readonly distributions: Readonly<Record<DistributionName, Distribution>>[] = [];
  private readonly merged = byName(() => new Histogram());
  private readonly holdNs: Histogram[] = [];
  private readonly waitNs: Histogram[] = [];

  add(run: RunFigures): void {
    const { vcpuWriteNs: _, holdNs, waitNs, getDirtyLogNs: __, clearDirtyLogNs: ___, ...figures } = run;
    const histograms = histogramsOf(run);
    this.runs.push(figures);
    this.distributions.push(distributionsOf(histograms));
    for (const name of distributionNames) this.merged[name].addAll(histograms[name]);
    addEach(this.holdNs, holdNs);
    addEach(this.waitNs, waitNs);
  }

  /** @param wallSeconds real time of all runs */
  figuresOf(design: DescribedDesign, wallSeconds: number): DesignFigures {
    const { runs, merged } = this;
    const first = runs[0] as RunFigures;
    const sum = (of: (run: Omit<RunFigures, HistogramField>) => number): number =>
      runs.reduce((total, run) => total + of(run), 0);
    const mean = (of: (run: Omit<RunFigures, HistogramField>) => number): number => sum(of) / runs.length;
    const ended = runs.find(({ endedEarly }) => endedEarly)?.endedEarly;
    const violation = runs.find(({ violation }) => violation)?.violation;
    return {
      design: design.id,
      title: design.title,
      params: first.params,
      memoryBytes: (first.params['pages'] ?? 0) * 4096,
      runs: runs.length,
      ...distributionsOf(merged),
      mmuLockByActor: this.byActor(first.actors),
      vcpuWrites: sum((run) => run.vcpuWrites),
      vcpuWritesPerSecond: mean((run) => run.vcpuWritesPerSecond),
      faults: sum((run) => run.faults),
      protections: sum((run) => run.protections),
      flushes: sum((run) => run.flushes),
      preemptions: sum((run) => run.preemptions),
      holderPreemptions: sum((run) => run.holderPreemptions),
      rounds: sum((run) => run.rounds),
      pagesSent: sum((run) => run.pagesSent),
      bytesSent: sum((run) => run.bytesSent),
      totalNs: mean((run) => run.totalNs),
      downtimeNs: mean((run) => run.downtimeNs),
      simulatedNs: mean((run) => run.simulatedNs),
      steps: sum((run) => run.steps),
      converged: first.converged === null ? null : runs.every(({ converged }) => converged),
      convergence: (runs.find(({ converged }) => converged === false) ?? first).convergence,
      confidence: this.confidence(),
      history: runs.flatMap(({ history }) => history),
      cdf: byName((name) => merged[name].cdf),
      safety: {
        properties: design.properties.flatMap(({ kind, id }) => (kind === 'invariant' ? [id] : [])),
        checks: sum(({ checks }) => checks),
      },
      ...(ended && { endedEarly: ended }),
      ...(violation && { violation }),
      wallSeconds,
    };
  }

  private byActor(actors: readonly string[]): DesignFigures['mmuLockByActor'] {
    return Object.fromEntries(
      actors.flatMap((name, actor) => {
        const holdNs = (this.holdNs[actor] as Histogram).distribution;
        const waitNs = (this.waitNs[actor] as Histogram).distribution;
        return waitNs.count === 0 ? [] : [[name, { holdNs, waitNs }]];
      }),
    );
  }

  /** Computes 95 % confidence intervals over the runs, by Student's t distribution. */
  private confidence(): Readonly<Record<string, Estimate>> {
    const { runs, distributions } = this;
    const scalars = ['vcpuWritesPerSecond', 'totalNs', 'downtimeNs'] as const;
    return Object.fromEntries([
      ...distributionNames.flatMap((name) =>
        quantiles.map((quantile) => [`${name}.${quantile}`, estimate(distributions.map((one) => one[name][quantile]))]),
      ),
      ...scalars.map((name) => [name, estimate(runs.map((run) => run[name]))]),
    ]) as Record<string, Estimate>;
  }
}

type Histograms = Readonly<Record<DistributionName, Histogram>>;

function histogramsOf(run: RunFigures): Histograms {
  return {
    vcpuWriteNs: run.vcpuWriteNs,
    mmuLockHoldNs: mergeAll(run.holdNs),
    mmuLockWaitNs: mergeAll(run.waitNs),
    getDirtyLogNs: run.getDirtyLogNs,
    clearDirtyLogNs: run.clearDirtyLogNs,
  };
}

function distributionsOf(histograms: Histograms): Record<DistributionName, Distribution> {
  return byName((name) => histograms[name].distribution);
}

function byName<T>(of: (name: DistributionName) => T): Record<DistributionName, T> {
  return Object.fromEntries(distributionNames.map((name) => [name, of(name)])) as Record<DistributionName, T>;
}

function mergeAll(histograms: readonly Histogram[]): Histogram {
  const merged = new Histogram();
  for (const one of histograms) merged.addAll(one);
  return merged;
}

/** Adds histograms to those of the same actors. */
function addEach(sums: Histogram[], histograms: readonly Histogram[]): void {
  for (const [actor, histogram] of histograms.entries()) {
    const sum = sums[actor] ?? new Histogram();
    sum.addAll(histogram);
    sums[actor] = sum;
  }
}

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, low: mean, high: mean };
  const deviation = jstat.stdev([...values], true) / Math.sqrt(values.length);
  const halfWidth = jstat.studentt.inv(0.975, values.length - 1) * deviation;
  return { mean, low: mean - halfWidth, high: mean + halfWidth };
}
