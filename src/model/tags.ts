import type { Counter } from './counter.ts';
import { refuseModelCode } from './model-code.ts';
import type { TagTest } from './property.ts';
import { strict } from './strict-names.ts';
import { describeValue } from './values.ts';

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
  const of = (actor: number): boolean => {
    const ofActor = carries[actor];
    if (ofActor !== undefined && typeof actor === 'number') return actors[actor].location.isAmong(ofActor);
    return isNobody(actor, actors.length, `is.${tag}.of`);
  };
  const count = (): number => {
    let n = 0;
    for (const actor of carriers) if (of(actor)) n++;
    return n;
  };
  return Object.freeze(strict({ of, count }, `the tag '${tag}'`, 'test'));
}

/**
 * Returns false for `nobody`, which is in no state and has no mailbox.
 * @param call what was called with the id
 * @throws PrecopyError `BAD_DESIGN` for anything else that is no actor: the answer would be false for a wrong reason
 */
export function isNobody(id: unknown, actors: number, call: string): false {
  if (id === actors) return false;
  return refuseModelCode(
    `calls ${call}(${describeValue(id)})`,
    `give the id of one actor, 0 to ${actors - 1}, or that of nobody, ${actors}`,
  );
}
