import type { Property, StepSeen } from '../model/property.ts';
import type { Twin } from './twin.ts';

/** Which covers a step shows in no state at all: those that look at what it did, and say no before they look at the state. */
export class NeverShown {
  private readonly known = new WeakMap<StepSeen, ReadonlySet<number>>();

  constructor(private readonly twin: Twin) {}

  /**
   * Whether a step shows none of some covers, whatever the state.
   * @param open their indices in `properties`
   * @param variants all steps that it stands for; itself alone, unless told
   */
  has(step: StepSeen, open: readonly number[], variants: (step: StepSeen) => readonly StepSeen[] = alone): boolean {
    let never = this.known.get(step);
    if (never === undefined) {
      never = this.findOut(variants(step));
      this.known.set(step, never);
    }
    for (let n = 0; n < open.length; n++) if (!never.has(open[n] as number)) return false;
    return true;
  }

  private findOut(steps: readonly StepSeen[]): ReadonlySet<number> {
    const { twin } = this;
    const { properties, instance, state } = twin.program;
    const packed = new Int32Array(state.length);
    const saysNo = (seen: (view: unknown, step: StepSeen) => boolean, step: StepSeen): boolean => {
      try {
        return !twin.watch(packed, () => seen(instance.view, step)) && twin.read.length === 0;
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

const alone = (step: StepSeen): readonly StepSeen[] => [step];
