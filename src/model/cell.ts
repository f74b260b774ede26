/** What an operation does to memory. `rmw` is one atomic read-modify-write. */
export type AccessKind = 'load' | 'store' | 'rmw';

/** A variable of the model's memory, with a type, a name and operations. */
export interface Cell {
  readonly name: string;
  /** its operations by name, with what each does to memory */
  readonly kinds: Readonly<Record<string, AccessKind>>;
  /** Returns the value as a trace prints it. */
  show(): string;
  /** Assigns the declared initial value. */
  reset(): void;
  /** the operation that a store buffer delays, if the cell has one */
  readonly plainStore?: PlainStore;
}

/** A plain store, such as a `mov` to memory. It writes one word: the cell itself, or a word of a bitmap. */
export interface PlainStore {
  /** name of the operation of the cell */
  readonly operation: string;
  /**
   * Returns the index of the word that a call of the operation writes, and the value.
   * @throws ModelFault if the operation refuses its arguments
   */
  entry(...args: readonly unknown[]): { readonly word: number; readonly value: number };
  load(word: number): number;
  store(word: number, value: number): void;
}
