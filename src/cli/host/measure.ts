import { writeFileSync } from 'node:fs';
import { checkWritable } from '../../app/files/output-file.ts';
import { loadProfile } from '../../app/simulate/profiles.ts';
import { usualRoundMs } from '../../host/measure/effort.ts';
import { type Figures, microbenchmarks } from '../../host/measure/microbenchmarks.ts';
import { profileOf } from '../../host/measure/profile.ts';
import type { Measured } from '../../host/measure/statistics.ts';
import { identity } from '../../host/probe.ts';
import { Output } from '../report/console-output.ts';

export interface MeasureFlags {
  readonly out?: string;
  readonly memory: number;
  readonly repeats: number;
  readonly device: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The profile that has the costs that no microbenchmark gives. */
const baseProfile = 'epyc-2026';

/** Measures this host and writes its cost profile. */
export async function hostMeasure(flags: MeasureFlags): Promise<void> {
  const output = new Output(flags);
  checkWritable(flags.out);
  const figures = await microbenchmarks({ ...flags, memoryBytes: flags.memory, roundMs: usualRoundMs }, (what) =>
    output.printDetail(`measuring ${what}`),
  );
  const date = new Date().toISOString().slice(0, 10);
  const profile = profileOf(figures, identity(), date, await loadProfile(baseProfile));
  for (const line of linesOf(figures)) output.print(line);
  if (flags.out !== undefined) {
    writeFileSync(flags.out, `${JSON.stringify(profile, null, 2)}\n`);
    output.print(`wrote ${flags.out}; \`npx precopy simulate --profile ${flags.out}\` uses it`);
  }
  if (flags.json) output.document(profile);
}

function linesOf(f: Figures): string[] {
  const show = (name: string, { median, mad, samples }: Measured, unit = 'ns'): string =>
    `  ${name.padEnd(44)}${figure(median).padStart(10)} ${unit.padEnd(3)} +- ${figure(mad)} (${samples})`;
  const dirty = (name: string, { nsPerWord, nsPerPage, mixes }: Figures['getDirty']): string[] => [
    `  ${name.padEnd(44)}${figure(nsPerPage).padStart(10)} ns a page and ${figure(nsPerWord)} ns a word of 64 pages`,
    ...mixes.map((one) => show(`    ${one.name}`, one.nsPerPage)),
  ];
  return [
    'median, +- median absolute deviation (samples)',
    show('write that hits', f.writeNs),
    show('  with the loop around it', f.turnNs),
    show('  more where the TLB misses', f.missNs),
    show('write fault', f.faultNs),
    show('  of it under mmu_lock', f.faultHoldNs),
    show('interrupt of the guest', f.interruptionNs),
    show('flush with a vCPU in the guest', f.flushNs),
    show('GET_DIRTY_LOG that protects, clean', f.emptyGet.baseNs),
    show('  a word', f.emptyGet.nsPerWord),
    show('GET_DIRTY_LOG that reads', f.readGet.baseNs),
    show('  a word', f.readGet.nsPerWord),
    show('CLEAR_DIRTY_LOG, clean', f.emptyClear.baseNs),
    show('  a word', f.emptyClear.nsPerWord),
    ...dirty('GET_DIRTY_LOG', f.getDirty),
    ...dirty('CLEAR_DIRTY_LOG', f.clearDirty),
    show('user space around GET_DIRTY_LOG', f.collectorNs),
    show('switching the log on, a page', f.enableNsPerPage),
  ];
}

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
