import type { Program } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import type { Exploration, Verdict } from '../exploration.ts';
import type { EnabledChoices } from '../successors/enabled-choices.ts';
import { shrink } from './shrink.ts';

/** What a schedule breaks with its last step. */
export interface PropertyFailure {
  readonly property: string;
  /** what went wrong, where the property is `well-formed` */
  readonly fault: string | undefined;
}

/** What is the same in the result of every engine. */
type Common = 'verdict' | 'depth' | 'frontier' | 'collisionProbability' | 'properties' | 'covers' | 'violation';

/** What an engine finds out that looks at states one after the other, and keeps no origins of them: what they break and what they cover. */
export class PropertyMonitor {
  private readonly openCovers: number[];
  private readonly deadlockProperty: string | undefined;

  constructor(
    private readonly program: Program,
    private readonly offers: EnabledChoices,
  ) {
    const { properties } = program;
    this.openCovers = properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    this.deadlockProperty = properties.find(({ kind }) => kind === 'deadlock')?.id;
  }

  /** Takes note of what the current state covers, and the step that led to it. */
  recordCovers(): void {
    const { program, openCovers } = this;
    if (openCovers.length > 0)
      program.covers(openCovers, (recordCovers) => openCovers.splice(openCovers.indexOf(recordCovers), 1));
  }

  /** What the current state breaks. */
  broken(): PropertyFailure | undefined {
    const { program } = this;
    const violated = program.violated();
    return violated < 0 ? undefined : { property: program.properties[violated]?.id as string, fault: undefined };
  }

  /** What is broken by the step that was a fault. */
  modelFault(): PropertyFailure {
    return { property: wellFormed, fault: this.program.fault() };
  }

  /** What is broken if nothing can happen in the current state. */
  deadlock(): PropertyFailure | undefined {
    const { deadlockProperty, program } = this;
    return deadlockProperty === undefined || program.isValidEndState()
      ? undefined
      : { property: deadlockProperty, fault: undefined };
  }

  /**
   * The result, with the schedule that broke something made smaller.
   * @param path the choices of that schedule, by number
   * @param verdict where nothing broke
   * @param depth where nothing broke
   */
  result<F extends Omit<Exploration, Common>>(
    figures: F,
    { broken, path, verdict, depth }: Ending,
  ): Pick<Exploration, Common> & F {
    const { program, offers, openCovers } = this;
    const choices = broken ? shrink(program, path, broken.property) : [];
    return {
      ...figures,
      verdict: broken ? 'violated' : verdict,
      depth: broken ? choices.length + 1 : depth,
      frontier: 0,
      collisionProbability: 0,
      properties: verdictsOnSafety(program, broken ? 'violated' : verdict, broken?.property),
      covers: coversOf(program, (recordCovers) => !openCovers.includes(recordCovers)),
      ...(broken && { violation: { ...broken, schedule: choices.map((number) => offers.choiceOf(number)) } }),
    };
  }
}

/** How a search ended. */
interface Ending {
  readonly broken: PropertyFailure | undefined;
  readonly path: readonly number[];
  readonly verdict: Exclude<Verdict, 'violated'>;
  readonly depth: number;
}

/** The verdict on each property that must hold in every state. What has to come in the end is not among them: only a search of fair cycles can tell. */
export function verdictsOnSafety(
  { properties }: Pick<Program, 'properties'>,
  verdict: Verdict,
  broken: string | undefined,
): Exploration['properties'] {
  const ids = properties.flatMap(({ kind, id }) => (kind === 'cover' || kind === 'leads-to' ? [] : [id]));
  return [...ids, wellFormed].map((id) => ({
    id,
    verdict: id === broken ? 'violated' : verdict === 'holds' ? 'holds' : 'inconclusive',
  }));
}

/** The covers, and whether each was hit. */
export function coversOf(
  { properties }: Pick<Program, 'properties'>,
  isHit: (property: number) => boolean,
): Exploration['covers'] {
  return properties.flatMap(({ kind, id }, n) => (kind === 'cover' ? [{ id, hit: isHit(n) }] : []));
}
