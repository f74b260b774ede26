import type { HostProbeDocument } from '../../app/host/host-documents.ts';
import { probe } from '../../host/probe.ts';
import type { HostCapabilities } from '../../host/results.ts';
import { showBytes, showCount } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { plural } from '../report/plural.ts';

/** Flags that all host commands have. */
export interface HostFlags {
  readonly device: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Prints what the KVM of this host offers. */
export async function hostProbe(flags: HostFlags): Promise<void> {
  const capabilities = await probe(flags.device);
  const output = new Output(flags);
  if (flags.json) {
    output.document({ format: 'precopy-host-probe', version: 1, ...capabilities } satisfies HostProbeDocument);
  }
  output.printProse(`KVM is available: ${capabilities.mmu}, Linux ${capabilities.kernel}`);
  for (const [title, value] of facts(capabilities)) output.paragraph(`${title.padEnd(20)}  ${value}`);
}

function facts(host: HostCapabilities): [string, string][] {
  const { trial } = host;
  const clear = host.manualProtect ? `yes, ${host.initiallySet ? 'with' : 'without'} INITIALLY_SET` : 'no';
  const written = `wrote ${plural(trial.pagesWritten, 'page')} at CPL 3, ${showCount(trial.pagesReported)} reported dirty`;
  return [
    ['processor', `${host.processor}, ${plural(host.cpus, 'CPU')}`],
    ['API version', String(host.apiVersion)],
    ['vCPUs', `at most ${showCount(host.maxVcpus)}`],
    ['GET_DIRTY_LOG', 'yes'],
    ['CLEAR_DIRTY_LOG', clear],
    ['dirty ring', host.dirtyRingEntries > 0 ? `yes, at most ${showCount(host.dirtyRingEntries)} entries` : 'no'],
    ['available memory', showBytes(host.availableBytes)],
    ['trial guest', `${written}; ${trial.writeNs.toFixed(0)} ns for a write to a mapped page`],
  ];
}
