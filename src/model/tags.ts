import type { Counter } from './cells.ts';
import type { TagTest } from './property.ts';

/** An actor as tags see it: where it is, and the tags of each state that it can be in. */
export interface TaggedActor {
  readonly location: Counter;
  readonly tags: readonly ReadonlySet<string>[];
}

/** For each tag: which actors are in a state that carries it. */
export function tagTests(tags: readonly string[], actors: readonly TaggedActor[]): Record<string, TagTest> {
  return Object.fromEntries(tags.map((tag) => [tag, tagTest(tag, actors)]));
}

function tagTest(tag: string, actors: readonly TaggedActor[]): TagTest {
  const carries = actors.map((actor) => Uint8Array.from(actor.tags, (set) => (set.has(tag) ? 1 : 0)));
  const carriers = actors.flatMap((_, number) => (carries[number]?.includes(1) ? [number] : []));
  const of = (actor: number): boolean => carries[actor]?.[actors[actor].location.get()] === 1;
  const count = (): number => {
    let n = 0;
    for (const actor of carriers) if (of(actor)) n++;
    return n;
  };
  return { of, count };
}
