import { PrecopyError } from '../../model/errors.ts';
import { growTo, reserveBuffer } from './growable-buffer.ts';

/** Node.js gives no shared memory much larger than this, in bytes. */
const maxBytesOfBuffer = 2 ** 32;
const leastGrowth = 1 << 12;

/** An array of unsigned numbers on shared memory. */
type ArrayType<A> = {
  new (buffer: SharedArrayBuffer, at: number, length: number): A;
  readonly BYTES_PER_ELEMENT: number;
};

/**
 * An array to which numbers are appended. It grows in place by a sixteenth of its size: unlike `GrowableArray`, it is
 * never copied, and takes hardly more memory than its numbers.
 */
export class AppendableArray<A extends Uint8Array | Uint32Array> {
  length = 0;
  /** the numbers so far, and room for more */
  values: A;
  private readonly buffer;

  /** @param maxBytes largest size; it takes address space from the start */
  constructor(
    private readonly type: ArrayType<A>,
    maxBytes: number,
  ) {
    this.buffer = reserveBuffer(Math.min(Math.ceil(maxBytes), maxBytesOfBuffer));
    this.values = new type(this.buffer, 0, 0);
  }

  /** @throws PrecopyError `TOO_LARGE` if the array has its largest size */
  push(value: number): void {
    if (this.length === this.values.length) this.grow();
    this.values[this.length++] = value;
  }

  /** memory of the array, in bytes */
  get bytes(): number {
    return this.values.byteLength;
  }

  private grow(): void {
    const { BYTES_PER_ELEMENT } = this.type;
    const { maxByteLength } = this.buffer;
    const wanted = this.length + Math.max(leastGrowth, this.length >>> 4);
    const length = Math.min(wanted, Math.floor(maxByteLength / BYTES_PER_ELEMENT));
    if (length <= this.length) {
      const cause = `a table of ${this.length} entries does not fit into memory`;
      throw new PrecopyError('TOO_LARGE', cause, 'give a smaller --max-memory');
    }
    growTo(this.buffer, length * BYTES_PER_ELEMENT);
    this.values = new this.type(this.buffer, 0, length);
  }
}
