import type { MemoryModel } from '../../src/model/store-buffer.ts';

/**
 * The expected figures of a complete search of a design. Counted as TLC does: the initial state is depth 1, and one
 * generated state.
 */
export interface PinnedCount {
  readonly design: string;
  /** `loggingOn` is 1 by default */
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /**
   * covers that are unreachable at these params: one page is one word, without a lock break before it; one vCPU has no
   * stale TLB entry of a page that another one protects, and finds no root that another one has loaded
   */
  readonly missed?: readonly string[];
}
