import type { Program } from '../compile/program.ts';
import { goalsAmong, wellFormed } from '../model/property.ts';
import type { Exploration, Verdict } from './exploration.ts';

/** A violation by the last step of a schedule. */
export interface PropertyFailure {
  /** id of the property */
  readonly property: string;
  /** message of the fault, if the property is `well-formed` */
  readonly fault: string | undefined;
}

/** Checks the safety properties of states that are visited one by one, and records the covers that they hit. */
export class PropertyMonitor {
  private readonly openCovers: number[];
  private readonly goals: readonly number[];

  constructor(private readonly program: Program) {
    this.openCovers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    this.goals = goalsAmong(program.properties);
  }

  /** Records the covers that the current state or the last step hits. */
  recordCovers(): void {
    const { program, openCovers } = this;
    if (openCovers.length > 0) program.covers(openCovers, (cover) => openCovers.splice(openCovers.indexOf(cover), 1));
  }

  /** Returns the first invariant that the current state violates, or the goal that it or the last step hits, if any. */
  violation(): PropertyFailure | undefined {
    const { program, goals } = this;
    let first = program.violated();
    if (first < 0 && goals.length > 0) {
      program.covers(goals, (goal) => {
        first = goal;
      });
    }
    return first < 0 ? undefined : { property: program.properties[first]?.id as string, fault: undefined };
  }

  /** Returns the failure if the current state is a race for owned memory. The last step is undefined afterwards. */
  race(): PropertyFailure | undefined {
    const fault = this.program.ownedRace();
    return fault === undefined ? undefined : { property: wellFormed, fault };
  }

  /** Returns the failure of a step whose outcome was a fault. */
  modelFault(): PropertyFailure {
    return { property: wellFormed, fault: this.program.fault() };
  }

  /** Returns the first property that forbids the current state, which must have no successor, to be the last one. */
  deadlock(): PropertyFailure | undefined {
    const violated = this.program.properties[this.program.violatedByDeadlock()];
    return violated && { property: violated.id, fault: undefined };
  }

  /** Returns all covers, with those marked that were hit. */
  covers(): Exploration['covers'] {
    return coversOf(this.program, (cover) => !this.openCovers.includes(cover));
  }
}

/**
 * Returns the verdict on each safety property. Leads-to properties are left to the search for fair cycles.
 * @param violated ids of the violated ones; the others hold if `verdict` says so
 */
export function verdictsOnSafety(
  { properties }: Pick<Program, 'properties'>,
  verdict: Verdict,
  violated: readonly string[],
): Exploration['properties'] {
  const ids = properties.flatMap(({ kind, id }) => (kind === 'cover' || kind === 'leads-to' ? [] : [id]));
  return [...ids, wellFormed].map((id) => ({
    id,
    verdict: violated.includes(id) ? 'violated' : verdict === 'holds' ? 'holds' : 'inconclusive',
  }));
}

/** Returns all covers, each with whether it was hit. */
export function coversOf(
  { properties }: Pick<Program, 'properties'>,
  isHit: (property: number) => boolean,
): Exploration['covers'] {
  return properties.flatMap(({ kind, id }, n) => (kind === 'cover' ? [{ id, hit: isHit(n) }] : []));
}
