import { describe, expect, it } from 'vitest';
import { itf } from '../../src/trace/itf.ts';
import { lasso, race, stuck } from './fixture.ts';

describe('a trace in the Informal Trace Format', () => {
  const document = JSON.parse(itf(race));

  it('has the initial state and one after each step, each with all variables', () => {
    expect(document.states).toHaveLength(race.steps.length + 1);
    for (const state of document.states) {
      const { '#meta': meta, ...values } = state;
      expect(meta.index).toBe(document.states.indexOf(state));
      expect(Object.keys(values)).toEqual(document.vars);
    }
  });

  it('starts with the initial values, and carries on what a step does not change', () => {
    expect(document.states[0]).toMatchObject({ ...race.initial.cells, 'cpu0.state': 'guest' });
    expect(document.states[1]).toMatchObject({ 'lock.holder': '1', 'kvm.dirty': '00', 'cpu0.state': 'host.marking' });
  });

  it('names the actor and the action of each step, and the property that breaks', () => {
    expect(document.states[1]['#meta']).toMatchObject({ actor: 'cpu0' });
    expect(document['#meta']).toMatchObject({ format: 'ITF', violated: race.violation?.property });
  });

  it('has the index of the first state of the cycle', () => {
    expect(document.loop).toBeUndefined();
    expect(JSON.parse(itf(lasso)).loop).toBe(2);
    expect(JSON.parse(itf(stuck)).loop).toBe(3);
  });
});
