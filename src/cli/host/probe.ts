import { type HostOffer, probe } from '../../host/probe.ts';
import { showBytes, showCount } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import type { HostProbeDocument } from './documents.ts';

/** Prints what the KVM of this machine offers. */
export async function hostProbe(flags: { readonly device: string; readonly json?: boolean; readonly quiet?: boolean }) {
  const offer = await probe(flags.device);
  const output = new Output(flags);
  if (flags.json) output.document({ format: 'precopy-host-probe', version: 1, ...offer } satisfies HostProbeDocument);
  output.print(`KVM can be used: ${offer.mmu}, Linux ${offer.kernel}`);
  for (const [what, answer] of facts(offer)) output.printDetail(`  ${what.padEnd(22)}${answer}`);
}

function facts(offer: HostOffer): [string, string][] {
  const { trial } = offer;
  return [
    ['processor', `${offer.processor}, ${offer.cpus} CPUs`],
    ['API version', String(offer.apiVersion)],
    ['vCPUs', `at most ${showCount(offer.maxVcpus)}`],
    ['GET_DIRTY_LOG', 'yes'],
    ['CLEAR_DIRTY_LOG', offer.manualProtect ? `yes, INITIALLY_SET ${offer.initiallySet ? 'too' : 'not'}` : 'no'],
    ['dirty ring', offer.dirtyRingEntries > 0 ? `yes, at most ${showCount(offer.dirtyRingEntries)} entries` : 'no'],
    ['memory to be had', showBytes(offer.availableBytes)],
    [
      'a guest',
      `wrote ${showCount(trial.pagesWritten)} pages at CPL 3, ${showCount(trial.pagesReported)} were reported dirty; ${trial.writeNs.toFixed(0)} ns a write that hits`,
    ],
  ];
}
