import type { Property, StepSeen } from '../model/property.ts';
import type { Renamed, StepMade } from './renamed.ts';
import type { Twin } from './twin.ts';

/** Which covers a step shows in no state at all: those that look at what it did, and say no before they look at the state. */
export class NeverShown {
  /** by look */
  private readonly known: (ReadonlySet<number> | undefined)[] = [];

  constructor(private readonly twin: Twin) {}

  /**
   * Whether a step shows none of some covers, whatever the state.
   * @param open their indices in `properties`
   * @param renamed where it stands for others
   */
  has(step: StepMade, open: readonly number[], renamed: Renamed | undefined): boolean {
    let never = this.known[step.look];
    if (never === undefined) {
      const seen = renamed ? Array.from({ length: renamed.ways }, (_, n) => renamed.seenAs(n, step)) : [step.seen];
      never = this.findOut(seen);
      this.known[step.look] = never;
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
