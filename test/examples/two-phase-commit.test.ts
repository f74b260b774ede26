import { describe, expect, it } from 'vitest';
import twoPhaseCommit from '../../examples/two-phase-commit.ts';
import { explore } from '../support/explore.ts';

describe('two-phase commit', () => {
  // The numbers of states that Stateright's tests expect of its own model (examples/2pc.rs).
  it.each([
    { rms: 3, states: 288 },
    { rms: 5, states: 8832 },
  ])('holds with $rms resource managers, in $states states', ({ rms, states }) => {
    const exploration = explore(twoPhaseCommit, { rms });

    expect(exploration).toMatchObject({ verdict: 'holds', states });
    expect(exploration.properties).toEqual([
      { id: 'consistent', verdict: 'holds' },
      { id: 'no-deadlock', verdict: 'holds' },
      { id: 'well-formed', verdict: 'holds' },
    ]);
    expect(exploration.covers).toEqual([
      { id: 'commit-agreement', hit: true },
      { id: 'abort-agreement', hit: true },
    ]);
  });

  it('has three resource managers by default', () => {
    expect(explore(twoPhaseCommit).states).toBe(288);
  });
});
