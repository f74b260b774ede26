/** States found and not yet expanded, first in, first out: the words of each, packed one after the other. */
export class StateQueue {
  private readonly chunks: Int32Array[] = [];
  private head = 0;
  private tail = 0;
  private spare: Int32Array | undefined;
  length = 0;

  constructor(
    private readonly words: number,
    private readonly statesPerChunk = 1 << 14,
  ) {}

  push(state: Int32Array): void {
    if (this.chunks.length === 0 || this.tail === this.statesPerChunk) {
      this.chunks.push(this.spare ?? new Int32Array(this.words * this.statesPerChunk));
      this.spare = undefined;
      this.tail = 0;
    }
    const chunk = this.chunks[this.chunks.length - 1];
    const at = this.tail++ * this.words;
    for (let n = 0; n < this.words; n++) chunk[at + n] = state[n];
    this.length++;
  }

  /** Takes the oldest state out, into `state`. */
  shift(state: Int32Array): void {
    const chunk = this.chunks[0];
    const at = this.head++ * this.words;
    for (let n = 0; n < this.words; n++) state[n] = chunk[at + n];
    this.length--;
    if (this.head === this.statesPerChunk) {
      this.spare = this.chunks.shift();
      this.head = 0;
    }
  }

  get bytes(): number {
    return (this.chunks.length + (this.spare ? 1 : 0)) * this.words * this.statesPerChunk * 4;
  }
}
