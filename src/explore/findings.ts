import type { Program } from '../compile/program.ts';
import { wellFormed } from '../model/property.ts';
import type { Offers } from './offers.ts';
import type { Exploration, Verdict } from './result.ts';
import { shrink } from './shrink.ts';

/** What a schedule breaks with its last step. */
export interface Broken {
  readonly property: string;
  /** what went wrong, where the property is `well-formed` */
  readonly fault: string | undefined;
}

/** What is the same in the result of every engine. */
type Common = 'verdict' | 'depth' | 'frontier' | 'collisionProbability' | 'properties' | 'covers' | 'violation';

/** What an engine finds out that looks at states one after the other, and keeps no origins of them: what they break and what they cover. */
export class Findings {
  private readonly openCovers: number[];
  private readonly deadlock: string | undefined;

  constructor(
    private readonly program: Program,
    private readonly offers: Offers,
  ) {
    const { properties } = program;
    this.openCovers = properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
    this.deadlock = properties.find(({ kind }) => kind === 'deadlock')?.id;
  }

  /** Takes note of what the current state covers, and the step that led to it. */
  cover(): void {
    const { program, openCovers } = this;
    if (openCovers.length > 0) program.covers(openCovers, (cover) => openCovers.splice(openCovers.indexOf(cover), 1));
  }

  /** What the current state breaks. */
  broken(): Broken | undefined {
    const { program } = this;
    const violated = program.violated();
    return violated < 0 ? undefined : { property: program.properties[violated]?.id as string, fault: undefined };
  }

  /** What is broken by the step that was a fault. */
  faulty(): Broken {
    return { property: wellFormed, fault: this.program.fault() };
  }

  /** What is broken if nothing can happen in the current state. */
  stuck(): Broken | undefined {
    const { deadlock, program } = this;
    return deadlock === undefined || program.mayStop() ? undefined : { property: deadlock, fault: undefined };
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
      covers: coversOf(program, (cover) => !openCovers.includes(cover)),
      ...(broken && { violation: { ...broken, schedule: choices.map((number) => offers.choiceOf(number)) } }),
    };
  }
}

/** How a search ended. */
interface Ending {
  readonly broken: Broken | undefined;
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
