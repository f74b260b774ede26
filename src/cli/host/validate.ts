import { writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { kernelOfToday } from '../../../machines/kernel-of-today.ts';
import type { Profile } from '../../clock/profile.ts';
import { microbenchmarks } from '../../host/measure/microbenchmarks.ts';
import { profileOf } from '../../host/measure/profile.ts';
import { measured } from '../../host/measure/statistics.ts';
import { identity, probe } from '../../host/probe.ts';
import { type Cell, gridOf, nameOf, type Outcome } from '../../host/validate/grid.ts';
import { machineKey, type Observed, observe } from '../../host/validate/observe.ts';
import { predict } from '../../host/validate/predict.ts';
import { processorsOfHost } from '../../host/validate/processors.ts';
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

const metrics = ['getNs', 'clearNs', 'worstWriteNs', 'writesPerSecond', 'dirtyPages'] as const;
/** What is aimed at: the median error of each figure, and that of the worst write. */
const aims = { median: 0.15, worstWrite: 0.3 };

/** Runs the grid on the real kernel and on the clock. Returns the exit code. */
export async function hostValidate(flags: ValidateFlags): Promise<ExitCode> {
  const output = new Output(flags);
  checkWritable(flags.html);
  const offer = await probe(flags.device);
  const given = flags.profile === undefined ? undefined : await loadProfileOfHost(flags.profile);
  const cells = gridOf({ ...flags, memoryBytes: flags.memory, longMs: flags.long * 1e3 }).filter(
    ({ taking }) => taking.kind === 'get' || offer.manualProtect,
  );
  const interrupt = new Interrupt();
  const profiles = new Map<number, Profile>();
  const seen: { readonly cell: Cell; readonly observed: Observed }[] = [];
  for (const group of groupsOf(cells)) {
    if (interrupt.requested) break;
    const memoryBytes = group[0]?.memoryBytes as number;
    const profile = given ?? profiles.get(memoryBytes) ?? (await measureProfile(memoryBytes, flags.device, output));
    profiles.set(memoryBytes, profile);
    for await (const [cell, observed] of observe(group, flags.device)) {
      seen.push({ cell, observed });
      output.explain(`measured ${nameOf(cell)}`);
      if (interrupt.requested) break;
    }
  }
  output.explain('the rest is computed: the machine need not be idle any more');
  const done: ValidatedCell[] = [];
  for (const { cell, observed } of seen) {
    if (interrupt.requested) break;
    const profile = profiles.get(cell.memoryBytes) as Profile;
    const processors = await processorsOfHost(cell.vcpus);
    const predicted = predict(cell, observed.freeWritesPerSecond, kernelOfToday, profile, processors);
    done.push({ name: nameOf(cell), cell, observed, predicted });
    output.explain(lineOf(done.at(-1) as ValidatedCell));
    await turn();
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
    profile: [...profiles.values()][0]?.name ?? 'none',
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

/** A profile of this host. Caches hold a small guest and not a large one, so it is measured on a guest of the size that it is to predict. */
async function measureProfile(memoryBytes: number, device: string, output: Output): Promise<Profile> {
  const figures = await microbenchmarks({ memoryBytes, repeats: 5, device }, (what) =>
    output.explain(`measuring ${what} with ${memoryBytes / 2 ** 20} MiB`),
  );
  return profileOf(figures, identity(), new Date().toISOString().slice(0, 10), await loadProfile('epyc-2026'));
}

async function loadProfileOfHost(name: string): Promise<Profile> {
  const here = identity();
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
