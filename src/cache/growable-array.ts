/** Copies an array to the front of a larger one, and returns the larger one. */
export function copyInto<A extends Int32Array | Uint8Array | Uint16Array | Uint32Array>(old: A, array: A): A {
  array.set(old);
  return array;
}

/** A typed array to which numbers are appended. It grows by half of its size. */
export class GrowableArray<A extends Uint8Array | Uint16Array | Uint32Array> {
  length = 0;

  constructor(private array: A) {}

  push(value: number): void {
    if (this.length === this.array.length) {
      const ArrayType = this.array.constructor as new (length: number) => A;
      this.array = copyInto(this.array, new ArrayType(Math.ceil(this.length * 1.5) + 1024));
    }
    this.array[this.length++] = value;
  }

  /** A view of the numbers so far. */
  get values(): A {
    return this.array.subarray(0, this.length) as A;
  }

  get bytes(): number {
    return this.array.byteLength;
  }
}
