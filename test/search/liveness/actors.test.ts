import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compile/compile.ts';

import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { Property } from '../../../src/model/property.ts';
import { liveness } from '../../../src/search/liveness/liveness.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { leadsTo, toy } from '../../support/toys.ts';

/** A leads-to property that is checked for the actors that a function returns. */
const forEach = (actors: unknown): AnyDesign =>
  toy({
    states: { s: { on: { E: 's' } } },
    properties: [
      {
        ...leadsTo(
          { id: 'ends', description: 'each ends' },
          () => true,
          () => false,
        ),
        actors: () => actors,
      } as Property,
    ],
  });

describe('the actors of a leads-to property', () => {
  it.each([
    [undefined, 'undefined, and no array'],
    ['0', 'string, and no array'],
    [[1], '1, which is no actor: there are 1'],
    [[0, -1], '-1, which is no actor'],
    [[0.5], '0.5, which is no actor'],
  ])('are refused if they are %j', (actors, cause) => {
    const message = `'actors' of the property 'ends' returns ${cause}`;
    expect(() => runEngine(liveness(compile(forEach(actors))))).toThrow(message);
    expect(() => replay(forEach(actors), {}, [], [{ event: 0, payload: 0 }])).toThrow(message);
  });

  it('may be none at some params: then the property holds vacuously', () => {
    const { verdict, properties, covers } = runEngine(liveness(compile(forEach([]))));
    expect({ verdict, properties, covers }).toEqual({
      verdict: 'holds',
      properties: [{ id: 'ends', verdict: 'holds' }],
      covers: [{ id: 'ends', hit: false }],
    });
  });
});
