import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { breadthFirstSearch, compile, runEngine } from '../../../src/index.ts';
import { explore } from '../../support/explore.ts';
import { always, cycle, noDeadlock, reachable, toy } from '../../support/toys.ts';

describe('a complete search', () => {
  it('counts as TLC does: the initial state is depth 1, and one generated state', () => {
    const { verdict, states, transitions, depth } = explore(toy(cycle));
    expect({ verdict, states, transitions, depth }).toEqual({ verdict: 'holds', states: 4, transitions: 5, depth: 4 });
  });

  it('reports that each property holds, well-formed included', () => {
    const { properties } = explore(
      toy({
        ...cycle,
        properties: [
          always({ id: 'p', description: 'p' }, () => true),
          noDeadlock({ id: 'd', description: 'd' }, () => false),
        ],
      }),
    );
    expect(properties).toEqual([
      { id: 'p', verdict: 'holds' },
      { id: 'd', verdict: 'holds' },
      { id: 'well-formed', verdict: 'holds' },
    ]);
  });

  it('reports which covers a state hits, a step hits, or nothing hits', () => {
    const { covers, properties } = explore(
      toy({
        ...cycle,
        properties: [
          reachable({ id: 'state', description: '' }, ({ toy }) => toy.a.get() === 3),
          reachable({ id: 'step', description: '' }, (_, { actions }) => actions.includes('clear')),
          reachable({ id: 'never', description: '' }, ({ toy }) => toy.b.get() === 1),
        ],
      }),
    );
    expect(covers).toEqual([
      { id: 'state', hit: true },
      { id: 'step', hit: true },
      { id: 'never', hit: false },
    ]);
    expect(properties).toEqual([{ id: 'well-formed', verdict: 'holds' }]);
  });

  it('hits covers by actions of eventless transitions', () => {
    const { covers } = explore(
      toy({
        states: { s: { on: { E: 't' } }, t: { always: { actions: 'incB', target: 'u' } }, u: {} },
        properties: [reachable({ id: 'incB', description: '' }, (_, { actions }) => actions.includes('incB'))],
      }),
    );
    expect(covers).toEqual([{ id: 'incB', hit: true }]);
  });

  it('hits no cover by a refused step', () => {
    const { covers } = explore(
      toy({
        states: { s: { entry: 'incA', on: { E: { guard: 'never', actions: 'incB' } } } },
        properties: [reachable({ id: 'step', description: '' }, (_, { actions }) => actions.length > 0)],
      }),
    );
    expect(covers).toEqual([{ id: 'step', hit: false }]);
  });

  it('has the same result when the program is used again', () => {
    const design = toy({
      states: { s: { on: { E: { guard: 'aIsZero', actions: 'incA' } } } },
      properties: [
        reachable(
          { id: 'no', description: '' },
          ({ toy }, { actions }) => actions.includes('incA') && toy.a.get() === 0,
        ),
      ],
    });
    const program = compile(design);
    expect(runEngine(breadthFirstSearch(program))).toEqual(runEngine(breadthFirstSearch(program)));
  });

  it('reports the probability of a collision', () => {
    const { states, transitions, collisionProbability } = explore(rmapXchg, { vcpus: 1, pages: 1, loggingOn: 1 });
    expect(collisionProbability).toBe((states * (transitions - states)) / 2 ** 64);
  });
});

describe('a program that is reset', () => {
  it('has no last step', () => {
    const program = compile(toy({ states: { s: { on: { E: { actions: 'incA' } } } } }));
    program.reset();
    program.step(0, 0);
    expect(program.lastStep().actions).toEqual(['incA']);
    program.reset();
    expect(program.lastStep().actions).toEqual([]);
  });
});
