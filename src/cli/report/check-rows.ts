import type { CheckResult, VerificationJob } from '../../app/check/verification-job.ts';
import { type AnyDesign, displayedParams } from '../../model/design.ts';
import { showCount, showSeconds } from '../options/units.ts';
import { briefCaveats, verdictWord } from './check-report.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { RowFormat } from './rows.ts';

type Pairs = readonly (readonly [name: string, value: number | string])[];

/** Prints one line for each design of a check: verdict, states, time, and the params that are not those of most. */
export class DesignRows {
  private readonly format: RowFormat;
  /** by kind of check: the params of most designs */
  private readonly usual = new Map<VerificationJob['checks'], Pairs>();
  private isFirst = true;

  constructor(
    jobs: readonly VerificationJob[],
    private readonly output: Output,
  ) {
    const kinds = (['safety', 'liveness'] as const).filter((kind) => jobs.some(({ checks }) => checks === kind));
    for (const kind of kinds) this.usual.set(kind, usualParams(jobs.filter(({ checks }) => checks === kind)));
    const columns = [
      { title: 'design', width: Math.max(...jobs.map(({ design }) => design.id.length)) },
      { title: 'verdict', width: 'verdict'.length },
      ...kinds.map((title) => ({ title, width: 'n,nnn,nnn'.length, right: true })),
      { title: 'time', width: 'nn.n s'.length, right: true },
      { title: 'but at', width: 'emulatingVcpus=n'.length },
    ];
    this.format = new RowFormat(columns, output);
  }

  /** Prints the line of a design, and below it what its verdict does not say. */
  print(results: readonly CheckResult[]): void {
    const { output } = this;
    const [first] = results;
    if (!first) return;
    const id = output.ink.bold(first.design.id);
    const verdict = verdictWord(results, output);
    if (output.isQuiet) output.print(`${id} ${verdict}`);
    else this.printRow(id, verdict, results);
    for (const text of results.flatMap(briefCaveats)) output.printProse(`  ${output.ink.yellow(text)}`);
  }

  private printRow(id: string, verdict: string, results: readonly CheckResult[]): void {
    if (this.isFirst) this.printHead();
    this.isFirst = false;
    const states = [...this.usual.keys()].map((kind) => {
      const of = results.find(({ checks }) => checks === kind);
      return of ? showCount(of.exploration.states) : '-';
    });
    const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
    this.output.print(this.format.row([id, verdict, ...states, showSeconds(seconds), this.exceptions(results)]));
  }

  private printHead(): void {
    const { output, usual } = this;
    const all = [...usual].map(([kind, pairs]) => ({ kind, text: textOf(pairs) }));
    const isEqual = all.every(({ text }) => text === all[0]?.text);
    const at = isEqual
      ? `${all.map(({ kind }) => kind).join(' and ')} at ${all[0]?.text}`
      : all.map(({ kind, text }) => `${kind} at ${text}`).join('; ');
    output.gap();
    if (all.some(({ text }) => text !== '')) output.printProseDetail(`${at}; a line names what differs\n`);
    const titles = this.format.titles();
    if (titles !== undefined) output.printDetail(titles);
  }

  /** Describes where the params of a design are not the usual ones. */
  private exceptions(results: readonly CheckResult[]): string {
    const first = results.filter(({ isSecond }) => !isSecond);
    const texts = first.map((result) => ({ kind: result.checks, text: this.differing(result) }));
    const isEqual = first.length === this.usual.size && texts.every(({ text }) => text === texts[0]?.text);
    const seconds = results.filter(({ isSecond }) => isSecond);
    return [
      ...(isEqual ? [texts[0]?.text ?? ''] : texts.map(({ kind, text }) => text && `${kind} at ${text}`)),
      ...seconds.map((one) => `and ${plural(one.exploration.states, 'state')} at ${this.differing(one)}`),
    ]
      .filter((text) => text !== '')
      .join('; ');
  }

  private differing({ design, checks, params }: CheckResult): string {
    const own = pairsOf(design, params);
    const usual = this.usual.get(checks) ?? [];
    const names = new Set(own.map(([name]) => name));
    if (usual.some(([name]) => !names.has(name))) return textOf(own);
    const values = new Map(usual);
    return textOf(own.filter(([name, value]) => values.get(name) !== value));
  }
}

const textOf = (pairs: Pairs): string => pairs.map(([name, value]) => `${name}=${value}`).join(' ');

function pairsOf(design: AnyDesign, params: Readonly<Record<string, number>>): Pairs {
  return [
    ...displayedParams(design, params),
    ...(design.memoryModel === 'tso' ? [['memory-model', 'tso'] as const] : []),
  ];
}

/** Returns the params that most jobs have. */
function usualParams(jobs: readonly VerificationJob[]): Pairs {
  const counts = new Map<string, { readonly pairs: Pairs; count: number }>();
  for (const job of jobs.filter(({ isSecond }) => !isSecond)) {
    const pairs = pairsOf(job.design, job.program.params);
    const entry = counts.get(textOf(pairs)) ?? { pairs, count: 0 };
    counts.set(textOf(pairs), { pairs, count: entry.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.pairs ?? [];
}
