import { PrecopyError } from '../model/errors.ts';

/** Copies an array to the front of a larger one, and returns the larger one. */
export function copyInto<A extends Int32Array | Uint8Array | Uint16Array | Uint32Array | Float64Array>(
  old: A,
  array: A,
): A {
  array.set(old);
  return array;
}

/**
 * A typed array to which numbers are appended. It grows by half of its size, up to 2^32 - 1 numbers.
 * @throws PrecopyError `TOO_LARGE` if it cannot grow
 */
export class GrowableArray<A extends Uint8Array | Uint16Array | Uint32Array | Float64Array> {
  length = 0;

  constructor(private array: A) {}

  push(value: number): void {
    if (this.length === this.array.length) {
      const ArrayType = this.array.constructor as new (length: number) => A;
      this.array = copyInto(this.array, allocate(ArrayType, Math.ceil(this.length * 1.5) + 1024));
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

function allocate<A>(ArrayType: new (length: number) => A, length: number): A {
  try {
    if (length < 2 ** 32) return new ArrayType(length);
  } catch {
    // The allocation failed.
  }
  throw new PrecopyError(
    'TOO_LARGE',
    `a table of ${length} entries does not fit into memory`,
    'give a smaller --max-memory',
  );
}
