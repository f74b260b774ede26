import { PrecopyError } from '../model/errors.ts';

/** A way to visit fewer states, or to take states for one another, that leaves the verdicts on safety as they are. */
interface Reduction {
  /** whether it leaves the fair cycles as they are as well */
  readonly soundWithLiveness: boolean;
  /** why it does not, as the second half of a sentence */
  readonly because?: string;
}

/** Every reduction that there is, by the name that the command line takes and that `check --json` prints. */
const reductions = {
  symmetry: {
    soundWithLiveness: false,
    because: 'it takes actors for one another, and fairness is owed to each of them',
  },
  'partial-order': {
    soundWithLiveness: false,
    because: 'it leaves out steps, and a cycle that they are part of is then no cycle',
  },
} as const satisfies Readonly<Record<string, Reduction>>;

export type ReductionName = keyof typeof reductions;

/**
 * Refuses what would make a verdict on liveness worthless.
 * @throws PrecopyError `NOT_SOUND` that names the reductions
 */
export function refuseUnsoundWithLiveness(names: readonly ReductionName[]): void {
  const unsound = names.filter((name) => !reductions[name].soundWithLiveness);
  if (unsound.length === 0) return;
  const reasons = unsound.map((name) => `${name} is not sound with liveness: ${reductions[name].because}`);
  throw new PrecopyError('NOT_SOUND', reasons.join('; '), 'check liveness without it, or safety alone');
}
