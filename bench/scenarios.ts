/** The parameters of one measurement of all engines. */
export interface Scenario {
  readonly name: string;
  readonly vcpus: number;
  readonly pages: number;
  /** number of vCPUs that run instructions that KVM emulates; if all do or none does, all vCPUs are interchangeable */
  readonly emulating: number;
  /** runs of each search; the fastest one counts */
  readonly runs: number;
  /** names of the engines that may reach its end within their limits; all by default */
  readonly only?: readonly string[];
}

/** All scenarios, smallest first. */
export const allScenarios: readonly Scenario[] = [
  { name: 'tiny', vcpus: 2, pages: 2, emulating: 0, runs: 3 },
  { name: 'small', vcpus: 2, pages: 2, emulating: 1, runs: 3 },
  { name: 'medium', vcpus: 2, pages: 2, emulating: 2, runs: 2 },
  { name: 'alike', vcpus: 3, pages: 2, emulating: 0, runs: 1 },
  { name: 'large', vcpus: 4, pages: 1, emulating: 4, runs: 1 },
  {
    name: 'pages3',
    vcpus: 2,
    pages: 3,
    emulating: 1,
    runs: 1,
    only: ['precopy', 'precopy symbolic', 'SPIN -DNOREDUCE', 'SPIN -DCOLLAPSE', 'TLC'],
  },
  { name: 'pages4', vcpus: 2, pages: 4, emulating: 1, runs: 1, only: ['precopy symbolic'] },
];

/** Returns `4x1, 4` for 4 vCPUs and 1 page where 4 vCPUs emulate. */
export const shapeOf = ({ vcpus, pages, emulating }: Scenario): string => `${vcpus}x${pages}, ${emulating}`;
