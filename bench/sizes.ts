/** A size of the model to measure at. */
export interface Size {
  readonly name: string;
  readonly vcpus: number;
  readonly pages: number;
  /** how many of the vCPUs run instructions that KVM emulates; where it is all of them or none, all vCPUs are alike */
  readonly emulating: number;
  /** how many times each search is run; the fastest run counts */
  readonly runs: number;
}

/** The sizes that are measured, smallest first. */
export const allSizes: readonly Size[] = [
  { name: 'tiny', vcpus: 2, pages: 2, emulating: 0, runs: 3 },
  { name: 'small', vcpus: 2, pages: 2, emulating: 1, runs: 3 },
  { name: 'medium', vcpus: 2, pages: 2, emulating: 2, runs: 2 },
  { name: 'alike', vcpus: 3, pages: 2, emulating: 0, runs: 1 },
  { name: 'large', vcpus: 4, pages: 1, emulating: 4, runs: 1 },
];

/** `4x1, 4` for 4 vCPUs and 1 page where 4 vCPUs emulate. */
export const shapeOf = ({ vcpus, pages, emulating }: Size): string => `${vcpus}x${pages}, ${emulating}`;
