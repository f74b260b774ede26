import { writeFileSync } from 'node:fs';
import { manualClear, rmapXchg } from '../../../machines/designs.ts';
import type { Profile } from '../../clock/profile.ts';
import { microbenchmarks } from '../../host/measure/microbenchmarks.ts';
import { profileOf } from '../../host/measure/profile.ts';
import { measured } from '../../host/measure/statistics.ts';
import { identity, probe } from '../../host/probe.ts';
import { type Cell, gridOf, nameOf, type Outcome } from '../../host/validate/grid.ts';
import { machineKey, observe } from '../../host/validate/observe.ts';
import { predict } from '../../host/validate/predict.ts';
import { PrecopyError } from '../../model/errors.ts';
import { ExitCode } from '../exit-codes.ts';
import { Interrupt } from '../interrupt.ts';
import { Output } from '../output.ts';
import { loadProfile } from '../profiles.ts';
import { showCount } from '../units.ts';
import type { HostValidateDocument, ValidatedCell } from './documents.ts';
import { checkWritable } from './out-file.ts';
import { validationPage } from './validation-page.ts';

export interface ValidateFlags {
  readonly profile?: string;
  readonly memory: readonly number[];
  readonly vcpus: readonly number[];
  readonly rounds: number;
  readonly long: number;
  readonly html?: string;
  readonly device: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const kernelDesigns = { get: rmapXchg, clear: manualClear };
const metrics = ['getNs', 'clearNs', 'worstWriteNs', 'writesPerSecond', 'dirtyPages'] as const;
/** What is aimed at: the median error of each figure, and that of the worst write. */
const aims = { median: 0.15, worstWrite: 0.3 };

/** Runs the grid on the real kernel and on the clock. Returns the exit code. */
export async function hostValidate(flags: ValidateFlags): Promise<ExitCode> {
  const output = new Output(flags);
  checkWritable(flags.html);
  const offer = await probe(flags.device);
  const profile = await profileFor(flags, output);
  const cells = gridOf({ ...flags, memoryBytes: flags.memory, longMs: flags.long * 1e3 }).filter(
    ({ taking }) => taking.kind === 'get' || offer.manualProtect,
  );
  const interrupt = new Interrupt();
  const done: ValidatedCell[] = [];
  for (const group of groupsOf(cells)) {
    for await (const [cell, observed] of observe(group, flags.device)) {
      const predicted = predict(cell, observed, kernelDesigns, profile);
      done.push({ name: nameOf(cell), cell, observed, predicted });
      output.explain(lineOf(done.at(-1) as ValidatedCell));
      if (interrupt.requested) break;
    }
    if (interrupt.requested) break;
  }
  const errors = errorsOf(done);
  output.gap();
  for (const { metric, medianError, worstError } of errors) {
    output.say(`${metric.padEnd(16)} median error ${percent(medianError)}, largest ${percent(worstError)}`);
  }
  const reached = errors.every(
    ({ metric, medianError }) => medianError <= (metric === 'worstWriteNs' ? aims.worstWrite : aims.median),
  );
  output.say(
    `${done.length} of ${cells.length} cells; the aim of 15 % (30 % for the worst write) is ${reached ? 'reached' : 'missed'}`,
  );
  const document: HostValidateDocument = {
    format: 'precopy-host-validate',
    version: 1,
    host: { ...identity(), date: new Date().toISOString().slice(0, 10) },
    profile: profile.name,
    cells: done,
    errors,
    complete: done.length === cells.length,
  };
  if (flags.html !== undefined) {
    writeFileSync(flags.html, validationPage(document));
    output.say(`wrote ${flags.html}`);
  }
  if (flags.json) output.document(document);
  return document.complete ? ExitCode.holds : ExitCode.inconclusive;
}

async function profileFor({ profile: name, memory, device }: ValidateFlags, output: Output): Promise<Profile> {
  const here = identity();
  if (name === undefined) {
    const effort = { memoryBytes: Math.min(...memory), repeats: 5, device };
    const figures = await microbenchmarks(effort, (what) => output.explain(`measuring ${what}`));
    return profileOf(figures, here, new Date().toISOString().slice(0, 10), await loadProfile('epyc-2026'));
  }
  const profile = await loadProfile(name);
  const { host } = profile;
  if (host && host.kernel === here.kernel && host.processor === here.processor && host.mmu === here.mmu) return profile;
  throw new PrecopyError(
    'BAD_FILE',
    host
      ? `profile ${name} was measured on ${host.processor}, ${host.mmu}, Linux ${host.kernel}, and this is ${here.processor}, ${here.mmu}, Linux ${here.kernel}`
      : `profile ${name} was not measured on this host`,
    'measure this host: `npx precopy host measure --out profile.json`',
  );
}

function groupsOf(cells: readonly Cell[]): Cell[][] {
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const key = machineKey(cell);
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}

function lineOf({ name, observed, predicted }: ValidatedCell): string {
  const pair = (of: (outcome: Outcome) => string): string => `${of(predicted)} / ${of(observed)}`;
  const ms = (ns: number): string => (ns / 1e6).toFixed(ns < 1e6 ? 3 : 2);
  return [
    name.padEnd(50),
    `GET ${pair(({ getNs }) => ms(getNs))} ms`,
    `CLEAR ${pair(({ clearNs }) => ms(clearNs))} ms`,
    `worst ${pair(({ worstWriteNs }) => ms(worstWriteNs))} ms`,
    `writes ${pair(({ writesPerSecond }) => showCount(writesPerSecond))} /s`,
    `dirty ${pair(({ dirtyPages }) => showCount(dirtyPages))}`,
  ].join('  ');
}

function errorsOf(cells: readonly ValidatedCell[]): HostValidateDocument['errors'] {
  return metrics.flatMap((metric) => {
    const errors = cells.flatMap(({ observed, predicted }) =>
      observed[metric] > 0 ? [Math.abs(predicted[metric] - observed[metric]) / observed[metric]] : [],
    );
    if (errors.length === 0) return [];
    return [{ metric, medianError: measured(errors).median, worstError: Math.max(...errors), cells: errors.length }];
  });
}

const percent = (fraction: number): string => `${(100 * fraction).toFixed(0)} %`;
