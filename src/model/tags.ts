import type { Counter } from './counter.ts';
import type { TagTest } from './property.ts';

/** The location of an actor, and the tags by location. */
export interface TaggedActor {
  readonly location: Counter;
  readonly tags: readonly ReadonlySet<string>[];
}

/** Returns a test for each tag: which actors are in a state with the tag. */
export function tagTests(tags: readonly string[], actors: readonly TaggedActor[]): Record<string, TagTest> {
  return Object.fromEntries(tags.map((tag) => [tag, tagTest(tag, actors)]));
}

function tagTest(tag: string, actors: readonly TaggedActor[]): TagTest {
  const carries = actors.map((actor) => Uint8Array.from(actor.tags, (set) => (set.has(tag) ? 1 : 0)));
  const carriers = actors.flatMap((_, id) => (carries[id]?.includes(1) ? [id] : []));
  const of = (actor: number): boolean => carries[actor]?.[actors[actor].location.get()] === 1;
  const count = (): number => {
    let n = 0;
    for (const actor of carriers) if (of(actor)) n++;
    return n;
  };
  return { of, count };
}
