import { defineMutant } from 'precopy';
import { describe, expect, it } from 'vitest';
import peterson, { designs, fenced, noFence, turnBeforeFlag } from '../../examples/peterson.ts';
import { explore } from '../support/explore.ts';

describe('Peterson’s lock', () => {
  it('holds, in 20 states', () => {
    const exploration = explore(peterson);

    expect(exploration).toMatchObject({ verdict: 'holds', states: 20 });
    expect(exploration.covers).toEqual([
      { id: 'left-gets-in', hit: true },
      { id: 'right-gets-in', hit: true },
      { id: 'one-waits', hit: true },
    ]);
  });

  it('lets both processes enter after six steps if the turn is given away before the flag is raised', () => {
    const { verdict, violation } = explore(turnBeforeFlag);

    expect(verdict).toBe('violated');
    expect(violation?.property).toBe('mutual-exclusion');
    expect(violation?.property).toBe(turnBeforeFlag.mutation?.breaks);
    expect(violation?.schedule).toHaveLength(6);
  });

  it('needs a barrier where there are store buffers', () => {
    expect(explore(fenced)).toMatchObject({ verdict: 'holds', covers: explore(peterson).covers });
    expect(explore(noFence).violation?.property).toBe('mutual-exclusion');
  });

  it('comes with its mutants', () => {
    expect(designs).toEqual([peterson, turnBeforeFlag, fenced, noFence]);
    expect(turnBeforeFlag).toMatchObject({ id: 'peterson/turn-before-flag', mutantOf: 'peterson' });
  });

  it('deadlocks after four steps if a waiting process loads only the flag', () => {
    const flagAlone = peterson.machines.left.extend({
      states: { waiting: { on: { LOAD_FLAG: { guard: 'otherFlagIsDown', target: 'inside' }, LOAD_TURN: [] } } },
    });
    const { violation } = explore(
      defineMutant(peterson, 'flag-alone', {
        bug: 'a process that waits does not look at the turn',
        breaks: 'no-deadlock',
        machines: { left: flagAlone, right: flagAlone },
      }),
    );

    expect(violation?.property).toBe('no-deadlock');
    expect(violation?.schedule).toHaveLength(4);
  });
});
