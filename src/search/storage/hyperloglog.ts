import { Fingerprint } from './incremental-fingerprint.ts';

const indexBits = 14;
const registerCount = 1 << indexBits;

/**
 * An estimate of the number of distinct states in 16 KiB: HyperLogLog (P. Flajolet, E. Fusy, O. Gandouet, F. Meunier:
 * HyperLogLog, 2007). The standard error is 0.8 %.
 */
export class HyperLogLog {
  /** by register: the longest run of leading zeros, plus 1 */
  readonly registers = new Uint8Array(registerCount);
  private fingerprint: Fingerprint | undefined;

  addState(state: Int32Array): void {
    this.fingerprint ??= new Fingerprint(state.length);
    this.fingerprint.rebase(state);
    this.addFingerprint(this.fingerprint);
  }

  addFingerprint({ high, low }: Pick<Fingerprint, 'high' | 'low'>): void {
    const { registers } = this;
    const register = low & (registerCount - 1);
    const run = Math.clz32(high) + 1;
    if (run > registers[register]) registers[register] = run;
  }

  /** Adds all states of another sketch. */
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
    // Linear counting is more accurate for few states.
    return Math.round(raw < 2.5 * registerCount && empty > 0 ? registerCount * Math.log(registerCount / empty) : raw);
  }

  get bytes(): number {
    return registerCount;
  }
}
