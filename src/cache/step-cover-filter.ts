import type { Property, StepSeen } from '../model/property.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

/** Which covers a step shows in no state at all: those that look at what it did, and say no before they look at the state. */
export class StepCoverFilter {
  /** by look */
  private readonly known: (ReadonlySet<number> | undefined)[] = [];

  constructor(private readonly twin: InstrumentedProgram) {}

  /**
   * Whether a step shows none of some covers, whatever the state.
   * @param open their indices in `properties`
   * @param renamed where it stands for others
   */
  excludesAll(step: StepSignature, open: readonly number[], renamed: SymmetryGroup | undefined): boolean {
    let never = this.known[step.signature];
    if (never === undefined) {
      const seen = renamed
        ? Array.from({ length: renamed.order }, (_, n) => renamed.imageOfStep(n, step))
        : [step.seen];
      never = this.findOut(seen);
      this.known[step.signature] = never;
    }
    for (let n = 0; n < open.length; n++) if (!never.has(open[n])) return false;
    return true;
  }

  private findOut(steps: readonly StepSeen[]): ReadonlySet<number> {
    const { twin } = this;
    const { properties, instance, state } = twin.program;
    const packed = new Int32Array(state.length);
    const saysNo = (seen: (view: unknown, step: StepSeen) => boolean, step: StepSeen): boolean => {
      try {
        return !twin.record(packed, () => seen(instance.view, step)) && twin.read.length === 0;
      } catch {
        // it looks at the state, which is one that cannot be
        return false;
      }
    };
    const isNever = (property: Property): boolean =>
      property.kind === 'cover' && steps.every((step) => saysNo(property.seen, step));
    return new Set(properties.flatMap((property, n) => (isNever(property) ? [n] : [])));
  }
}
