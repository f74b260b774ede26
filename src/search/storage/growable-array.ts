/** A list of numbers in a typed array that grows. */
export class GrowableArray<A extends Uint8Array | Uint16Array | Uint32Array> {
  length = 0;

  constructor(private array: A) {}

  push(value: number): void {
    if (this.length === this.array.length) {
      const grown = new (this.array.constructor as new (length: number) => A)(Math.ceil(this.length * 1.5) + 1024);
      grown.set(this.array);
      this.array = grown;
    }
    this.array[this.length++] = value;
  }

  /** What was pushed so far. */
  get values(): A {
    return this.array.subarray(0, this.length) as A;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}
