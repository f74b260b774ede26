/** The parameters of one measurement of all engines. */
export interface Scenario {
  readonly name: string;
  readonly vcpus: number;
  readonly pages: number;
  /** number of vCPUs that run instructions that KVM emulates; if all do or none does, all vCPUs are interchangeable */
  readonly emulating: number;
  /** runs of each search; the fastest one counts */
  readonly runs: number;
}

/** All scenarios, smallest first. */
export const allScenarios: readonly Scenario[] = [
  { name: 'tiny', vcpus: 2, pages: 2, emulating: 0, runs: 3 },
  { name: 'small', vcpus: 2, pages: 2, emulating: 1, runs: 3 },
  { name: 'medium', vcpus: 2, pages: 2, emulating: 2, runs: 2 },
  { name: 'alike', vcpus: 3, pages: 2, emulating: 0, runs: 1 },
  { name: 'large', vcpus: 4, pages: 1, emulating: 4, runs: 1 },
];

/** Returns `4x1, 4` for 4 vCPUs and 1 page where 4 vCPUs emulate. */
export const shapeOf = ({ vcpus, pages, emulating }: Scenario): string => `${vcpus}x${pages}, ${emulating}`;
