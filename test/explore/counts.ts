/** What a complete search of a design at some size has to find. Counted as TLC counts: the initial state is depth 1, and generated. */
export interface Count {
  readonly design: string;
  readonly sizes: Readonly<Record<string, number>>;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

/** The pinned numbers. They change when a machine changes: the test that fails tells the new ones, and whoever puts them here knows why. */
export const counts: readonly Count[] = [
  { design: 'rmap-xchg', sizes: { vcpus: 1, pages: 1 }, states: 1_498, transitions: 3_052, depth: 29 },
  { design: 'rmap-xchg', sizes: { vcpus: 1, pages: 2 }, states: 61_831, transitions: 138_006, depth: 45 },
  {
    design: 'rmap-xchg',
    sizes: { vcpus: 1, pages: 2, bitsPerWord: 1 },
    states: 66_773,
    transitions: 148_034,
    depth: 49,
  },
  { design: 'rmap-xchg', sizes: { vcpus: 2, pages: 1 }, states: 16_831, transitions: 47_946, depth: 34 },
  { design: 'rmap-xchg', sizes: { vcpus: 2, pages: 2 }, states: 1_702_632, transitions: 5_278_107, depth: 56 },
  { design: 'srcu-switch', sizes: { vcpus: 1, pages: 1 }, states: 4_588, transitions: 9_069, depth: 53 },
  { design: 'srcu-switch', sizes: { vcpus: 1, pages: 2 }, states: 240_954, transitions: 515_033, depth: 68 },
  {
    design: 'srcu-switch',
    sizes: { vcpus: 1, pages: 2, bitsPerWord: 1 },
    states: 247_650,
    transitions: 529_631,
    depth: 69,
  },
  { design: 'srcu-switch', sizes: { vcpus: 2, pages: 1 }, states: 57_010, transitions: 157_579, depth: 66 },
];
