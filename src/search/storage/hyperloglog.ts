import { Fingerprint } from './incremental-fingerprint.ts';

const bits = 14;
const registerCount = 1 << bits;

/**
 * About how many different states were seen, in 16 KiB: HyperLogLog (P. Flajolet, E. Fusy, O. Gandouet, F. Meunier, 2007). The standard error
 * is 0.8 %.
 */
export class HyperLogLog {
  /** by register: the longest run of zeros, and 1 */
  readonly registers = new Uint8Array(registerCount);
  private fingerprint: Fingerprint | undefined;

  addState(state: Int32Array): void {
    this.fingerprint ??= new Fingerprint(state.length);
    this.fingerprint.rebase(state);
    this.addFingerprint(this.fingerprint);
  }

  /** A state was seen that has this fingerprint. */
  addFingerprint({ high, low }: Pick<Fingerprint, 'high' | 'low'>): void {
    const { registers } = this;
    const register = low & (registerCount - 1);
    const run = Math.clz32(high) + 1;
    if (run > registers[register]) registers[register] = run;
  }

  /** Has seen what another one has seen as well. */
  merge(other: HyperLogLog['registers']): void {
    const { registers } = this;
    for (let n = 0; n < registerCount; n++) registers[n] = Math.max(registers[n], other[n]);
  }

  get estimate(): number {
    let sum = 0;
    let empty = 0;
    for (const run of this.registers) {
      sum += 2 ** -run;
      if (run === 0) empty++;
    }
    const raw = ((0.7213 / (1 + 1.079 / registerCount)) * registerCount * registerCount) / sum;
    // Few states: how many registers are still empty says more.
    return Math.round(raw < 2.5 * registerCount && empty > 0 ? registerCount * Math.log(registerCount / empty) : raw);
  }

  get bytes(): number {
    return registerCount;
  }
}
