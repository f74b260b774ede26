/** log2 of the number of fingerprints that a filter holds */
const indexBits = 14;

/**
 * A direct-mapped cache of the fingerprints that one worker recorded last. Most revisits occur shortly after the first
 * visit, and need neither a record nor a lookup in the visited set.
 */
export class DuplicateFilter {
  private readonly recent = new Int32Array(2 << indexBits);

  /** Returns whether a fingerprint was added lately, and adds it. */
  testAndAdd(high: number, low: number): boolean {
    const { recent } = this;
    const at = (high >>> (32 - indexBits)) << 1;
    if (recent[at] === high && recent[at + 1] === low) return true;
    recent[at] = high;
    recent[at + 1] = low;
    return false;
  }

  clear(): void {
    this.recent.fill(0);
  }
}
