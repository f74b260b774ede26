import { writeFileSync } from 'node:fs';
import { checkWritable, withWriteErrors } from '../../app/files/output-file.ts';
import { measureHost } from '../../app/host/measure.ts';
import type { HostFigures } from '../../host/measure/microbenchmarks.ts';
import type { Measurement } from '../../host/measure/statistics.ts';
import { Output } from '../report/console-output.ts';
import { commandLineOf } from '../report/shell-command.ts';
import type { HostFlags } from './probe.ts';

export interface MeasureFlags extends HostFlags {
  readonly out?: string;
  readonly memory: number;
  readonly repeats: number;
}

/** Measures this host, prints the figures, and writes its cost profile. */
export async function hostMeasure({ memory, out, ...flags }: MeasureFlags): Promise<void> {
  const output = new Output(flags);
  checkWritable(out);
  const { figures, profile } = await measureHost({ ...flags, memoryBytes: memory }, (name) =>
    output.printDetail(`measuring ${name}`),
  );
  output.print('median, +- median absolute deviation (samples)');
  for (const line of linesOf(figures)) output.paragraph(line);
  if (out !== undefined) {
    withWriteErrors(out, () => writeFileSync(out, `${JSON.stringify(profile, null, 2)}\n`));
    output.print(`wrote ${out}; to use it: ${commandLineOf(['simulate', '--profile', out])}`);
  }
  if (flags.json) output.document(profile);
}

function linesOf(f: HostFigures): string[] {
  const line = (name: string, { median, mad, samples }: Measurement): string =>
    `${name.padEnd(44)}${figure(median).padStart(10)} ns +- ${figure(mad)} (${samples})`;
  const dirty = (name: string, { nsPerWord, nsPerPage, mixes }: HostFigures['getDirty']): string[] => [
    `${name.padEnd(44)}${figure(nsPerPage).padStart(10)} ns per page and ${figure(nsPerWord)} ns per word of 64 pages`,
    ...mixes.map((mix) => line(`  ${mix.name}`, mix.nsPerPage)),
  ];
  return [
    line('write to a mapped page', f.writeNs),
    line('  with its loop iteration', f.iterationNs),
    line('  surcharge of a TLB miss', f.tlbMissNs),
    line('write fault', f.faultNs),
    line('  of it under mmu_lock', f.faultHoldNs),
    line('interrupt of the guest', f.interruptionNs),
    line('flush with a vCPU in the guest', f.flushNs),
    line('GET_DIRTY_LOG that protects, clean', f.cleanGet.baseNs),
    line('  per word', f.cleanGet.nsPerWord),
    line('GET_DIRTY_LOG that only reads', f.readGet.baseNs),
    line('  per word', f.readGet.nsPerWord),
    line('CLEAR_DIRTY_LOG, clean', f.cleanClear.baseNs),
    line('  per word', f.cleanClear.nsPerWord),
    ...dirty('GET_DIRTY_LOG', f.getDirty),
    ...dirty('CLEAR_DIRTY_LOG', f.clearDirty),
    line('user space around GET_DIRTY_LOG', f.collectorOverheadNs),
    line('enabling the log, per page', f.enableNsPerPage),
  ];
}

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
