import { type AnyDesign, type Choice, compile, memoise, type Program, type SystemEvent } from 'precopy';
import { designOf } from '../reference/design-source.ts';
import type { Graph } from '../reference/graph.ts';
import { type Safety, searchSafety } from '../reference/safety.ts';
import type { PropertySpecification } from '../reference/specification.ts';
import type { Choice as ReferenceChoice } from '../reference/system.ts';
import type { Sample } from './generate.ts';

/** Two answers to one question. */
export class Disagreement extends Error {
  constructor(
    readonly what: string,
    engine: unknown,
    reference: unknown,
  ) {
    super(`${what}: ${JSON.stringify(engine)}, but the reference says ${JSON.stringify(reference)}`);
  }
}

/** @throws Disagreement unless both are equal */
export function agree(what: string, engine: unknown, reference: unknown): void {
  if (JSON.stringify(engine) !== JSON.stringify(reference)) throw new Disagreement(what, engine, reference);
}

/** A generated system, what the reference says of it, and its design. */
export class Case {
  readonly graph: Graph;
  readonly properties: readonly PropertySpecification[];
  readonly design: AnyDesign;
  private found: Safety | undefined;

  constructor(readonly sample: Sample) {
    this.graph = sample.graph;
    this.properties = sample.specification.properties;
    this.design = designOf(sample.specification);
  }

  /** What the reference says of the safety properties. */
  get safety(): Safety {
    this.found ??= searchSafety(this.graph, this.properties);
    return this.found;
  }

  /** Returns a new program without a cache. */
  plain(): Program {
    return compile(this.design);
  }

  /** Returns a new program with a cache, if its cells allow one. */
  cached(): Program {
    return memoise(compile(this.design));
  }

  /** Returns the choice of the reference that is a choice of precopy. */
  choiceOf({ events }: Pick<Program, 'events'>, { event, payload }: Choice): ReferenceChoice {
    const { actor, type, from, isDrain } = events[event] as SystemEvent;
    const found = this.graph.system.choices.find((one) => {
      if (one.actor !== actor) return false;
      if (one.kind === 'drain') return isDrain;
      return one.type === type && (one.kind === 'own' ? !isDrain && one.payload === payload : one.from === from);
    });
    if (!found) throw new Disagreement('a choice', { type, payload, from }, undefined);
    return found;
  }
}
