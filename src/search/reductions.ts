import { PrecopyError } from '../model/errors.ts';

/** A reduction of the state graph that preserves the verdicts on safety properties. */
interface Reduction {
  /** true if it preserves fair cycles too */
  readonly soundWithLiveness: boolean;
  /** why it does not preserve them */
  readonly reason?: string;
}

/** All reductions, by their names on the command line and in `check --json`. */
const reductions = {
  symmetry: {
    soundWithLiveness: false,
    reason: 'it identifies actors, and fairness distinguishes them',
  },
  'partial-order': {
    soundWithLiveness: false,
    reason: 'it omits transitions, and a fair cycle may need them',
  },
} as const satisfies Readonly<Record<string, Reduction>>;

export type ReductionName = keyof typeof reductions;

/**
 * Refuses reductions that do not preserve liveness.
 * @throws PrecopyError `NOT_SOUND` that names them
 */
export function refuseUnsoundWithLiveness(names: readonly ReductionName[]): void {
  const unsound = names.filter((name) => !reductions[name].soundWithLiveness);
  if (unsound.length === 0) return;
  const reasons = unsound.map((name) => `${name} is not sound with liveness: ${reductions[name].reason}`);
  throw new PrecopyError('NOT_SOUND', reasons.join('; '), 'check liveness without it, or check safety only');
}
