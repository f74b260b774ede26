import type { Property, Step } from '../model/property.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { StepSignature, SymmetryGroup } from './symmetry-group.ts';

/** Finds the covers that a step can hit in no state: step covers that reject it before they read the state. */
export class StepCoverFilter {
  /** by signature of a step: the covers that it cannot hit */
  private readonly known: (ReadonlySet<number> | undefined)[] = [];

  constructor(private readonly instrumented: InstrumentedProgram) {}

  /**
   * Returns whether a step can hit none of the open covers, whatever the state.
   * @param open indices in `properties`
   * @param symmetry the symmetry, if a state represents its orbit
   */
  excludesAll(step: StepSignature, open: readonly number[], symmetry: SymmetryGroup | undefined): boolean {
    let excluded = this.known[step.signature];
    if (excluded === undefined) {
      const images = symmetry
        ? Array.from({ length: symmetry.order }, (_, n) => symmetry.imageOfStep(n, step))
        : [step.step];
      excluded = this.compute(images);
      this.known[step.signature] = excluded;
    }
    for (let n = 0; n < open.length; n++) if (!excluded.has(open[n])) return false;
    return true;
  }

  private compute(steps: readonly Step[]): ReadonlySet<number> {
    const { instrumented } = this;
    const { properties, instance, state } = instrumented.program;
    const packed = new Int32Array(state.length);
    const rejects = (isHit: (view: unknown, step: Step) => boolean, step: Step): boolean => {
      try {
        return !instrumented.record(packed, () => isHit(instance.view, step)) && instrumented.read.length === 0;
      } catch {
        // It reads the state, which is all zeros here.
        return false;
      }
    };
    const isExcluded = (property: Property): boolean =>
      property.kind === 'cover' && steps.every((step) => rejects(property.isHit, step));
    return new Set(properties.flatMap((property, n) => (isExcluded(property) ? [n] : [])));
  }
}
