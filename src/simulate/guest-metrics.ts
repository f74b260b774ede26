import { Histogram } from '../clock/histogram.ts';
import type { Program } from '../compile/program.ts';

/** Actions of a vCPU: a write to guest memory completes, and the TLB caches a translation. */
const completeWrite = 'writePage';
const fillTlb = 'fillTlb';

/** Metrics of the guest: latencies of its writes. */
export class GuestMetrics {
  /** by flat transition: 1 if it completes a write */
  readonly completesWrite: Uint8Array;
  /** by flat transition: 1 if it caches a translation in the TLB, and completes no write */
  readonly fillsTlb: Uint8Array;
  /** from when a write was due until it completed, over all vCPUs */
  readonly writeNs = new Histogram();

  constructor({ flatTransitions }: Program) {
    const isFlagged = (flag: boolean): number => (flag ? 1 : 0);
    this.completesWrite = Uint8Array.from(flatTransitions, ({ actionNames }) =>
      isFlagged(actionNames.includes(completeWrite)),
    );
    this.fillsTlb = Uint8Array.from(flatTransitions, ({ actionNames }) =>
      isFlagged(actionNames.includes(fillTlb) && !actionNames.includes(completeWrite)),
    );
  }

  /** Discards the metrics of the warm-up. */
  resetAfterWarmUp(): void {
    this.writeNs.clear();
  }
}
