import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSituation, encodeSituation, parseSituation, type Situation } from '../../src/explore/situation.ts';
import { begin, change, redo, undo } from '../../src/web/explorer/state/history.ts';
import {
  goTo,
  goToStep,
  move,
  pathTo,
  removeBranch,
  runTo,
  selectBranch,
  shownPath,
  take,
  takeAll,
} from '../../src/web/explorer/state/tree.ts';

const empty: Situation = {
  format: 'precopy-situation',
  version: 1,
  design: 'rmap-xchg',
  params: { vcpus: 1 },
  memoryModel: 'sc',
  hash: '00c0ffee',
  steps: [],
  branches: [{ name: 'run 1', tip: 0 }],
  branch: 0,
  cursor: 0,
  pinned: [],
  hidden: [],
};

describe('the tree of steps', () => {
  it('grows at the end of a run', () => {
    const situation = takeAll(empty, [4, 7, 4]);
    expect([runTo(situation, situation.cursor), situation.branches]).toEqual([[4, 7, 4], [{ name: 'run 1', tip: 3 }]]);
  });

  it('forks where another choice is taken at a past state, and keeps both runs', () => {
    const forked = take(move(takeAll(empty, [4, 7, 4]), -2), 9);
    expect(runTo(forked, forked.cursor)).toEqual([4, 9]);
    expect(forked.branches.map(({ tip }) => runTo(forked, tip))).toEqual([
      [4, 7, 4],
      [4, 9],
    ]);
    expect(runTo(forked, selectBranch(forked, 0).cursor)).toEqual([4, 7, 4]);
  });

  it('follows a run that has the choice already', () => {
    const situation = move(takeAll(empty, [4, 7]), -1);
    expect(take(situation, 7).steps).toHaveLength(2);
    expect(take(situation, 7).branches).toHaveLength(1);
  });

  it('takes a step of a removed run again', () => {
    const forked = take(move(takeAll(empty, [4, 7]), -2), 9);
    const again = take(move(removeBranch(forked, 1), -2), 9);
    expect(runTo(again, again.cursor)).toEqual([9]);
    expect(again.branches.map(({ tip }) => runTo(again, tip))).toEqual([[4, 7], [9]]);
    expect(again.steps).toHaveLength(3);
  });

  it('is the same value where a step is shown that is shown already', () => {
    const situation = takeAll(empty, [1, 2]);
    expect(goToStep(situation, 99)).toBe(situation);
    expect(goToStep(situation, 1).cursor).toBe(1);
  });

  it('stays within a run when it moves', () => {
    const situation = takeAll(empty, [1, 2, 3]);
    expect(move(situation, -99).cursor).toBe(0);
    expect(move(move(situation, -99), 99).cursor).toBe(3);
  });

  it('has a node of another run on that run', () => {
    const forked = take(move(takeAll(empty, [4, 7]), -1), 9);
    expect(goTo(forked, 2)).toMatchObject({ branch: 0, cursor: 2 });
  });

  it('keeps one run at least', () => {
    expect(removeBranch(empty, 0)).toBe(empty);
    const forked = take(move(takeAll(empty, [4, 7]), -1), 9);
    expect(removeBranch(forked, 1)).toMatchObject({ branch: 0, branches: [{ name: 'run 1', tip: 2 }], cursor: 2 });
  });

  it('shows the cursor on the path of its run, whatever is done', () => {
    const act = fc.oneof(
      fc.record({ do: fc.constant('take' as const), n: fc.nat(5) }),
      fc.record({ do: fc.constant('move' as const), n: fc.integer({ min: -4, max: 4 }) }),
      fc.record({ do: fc.constant('select' as const), n: fc.nat(5) }),
      fc.record({ do: fc.constant('remove' as const), n: fc.nat(5) }),
      fc.record({ do: fc.constant('go' as const), n: fc.nat(9) }),
    );
    const step = (situation: Situation, { do: what, n }: { do: string; n: number }): Situation => {
      if (what === 'take') return take(situation, n);
      if (what === 'move') return move(situation, n);
      if (what === 'select') return selectBranch(situation, n);
      return what === 'remove' ? removeBranch(situation, n) : goTo(situation, Math.min(n, situation.steps.length));
    };
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        const end = acts.reduce(step, empty);
        expect(shownPath(end)).toContain(end.cursor);
        expect(pathTo(end, end.cursor)[0]).toBe(0);
      }),
    );
  });
});

describe('history', () => {
  it('undoes and redoes changes, and forgets what was undone at the next change', () => {
    const two = change(change(begin(1), 2), 3);
    expect(undo(two).present).toBe(2);
    expect(redo(undo(two)).present).toBe(3);
    expect(redo(change(undo(two), 9)).present).toBe(9);
    expect(undo(begin(1)).present).toBe(1);
    expect(change(two, 3)).toMatchObject({ past: [1, 2] });
  });
});

describe('a situation in an address', () => {
  it('is what it was', async () => {
    const situation = take(move(takeAll(empty, [4, 7, 4, 1, 2, 300]), -2), 9);
    const text = await encodeSituation(situation);
    expect(text).toMatch(/^[\w-]+$/);
    expect(await decodeSituation(text)).toEqual(situation);
  });

  it('is refused if it is cut off, of another version, or names steps that it has not', async () => {
    const text = await encodeSituation(takeAll(empty, [4, 7]));
    await expect(decodeSituation(text.slice(0, -4))).rejects.toMatchObject({ code: 'BAD_FILE' });
    await expect(decodeSituation('%%')).rejects.toMatchObject({ message: /cut off/ });
    const wrong = (change: object) => () => parseSituation(JSON.stringify({ ...empty, ...change }));
    expect(wrong({ version: 2 })).toThrow(/version 2/);
    expect(wrong({ cursor: 3 })).toThrow(/a step that it does not have/);
    expect(wrong({ steps: [[5, 1]] })).toThrow(/before the one/);
    expect(wrong({ extra: 1 })).toThrow(/no situation/);
    expect(() => parseSituation('{"format":"precopy-trace"')).toThrow(/cut off/);
  });
});
