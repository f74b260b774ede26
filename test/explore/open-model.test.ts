import { describe, expect, it } from 'vitest';
import { rmapXchg, sharedClear } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { compile } from '../../src/compile/compile.ts';
import type { SearchAnswer, SearchGoal } from '../../src/explore/messages.ts';
import { OpenModel } from '../../src/explore/open-model.ts';
import { ChoiceIds } from '../../src/model/choices.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { adds } from '../cases/two-accesses-in-one-step/design.ts';

const params = { vcpus: 1, pages: 1, loggingOn: 1 };
const noFlush = mutants.find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;

function find(model: OpenModel, run: readonly number[], goal: SearchGoal): SearchAnswer {
  const search = model.search(run, goal);
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

/** Returns a shortest run to a violation. */
function counterexample(design: AnyDesign): number[] {
  const program = compile(design, params);
  const ids = new ChoiceIds(program.events);
  const { violation } = runEngine(breadthFirstSearch(program));
  return (violation?.schedule ?? []).map(({ event, payload }) => ids.firstOf(event) + payload);
}

describe('an open model', () => {
  const model = new OpenModel(rmapXchg, params, undefined);

  it('tells of its actors, cells and properties', () => {
    const { actors, cells, properties, params: specs } = model.info;
    expect(actors.map(({ name }) => name)).toContain('vcpu0');
    expect(cells.find(({ path }) => path === 'kvm.dirtyBitmap[0]')).toMatchObject({ isByPage: true, memory: 'kvm' });
    expect(cells.find(({ path }) => path === 'vcpu0.gfn')).toMatchObject({ actor: 0, region: 'register' });
    expect(properties.map(({ id }) => id)).toContain('no-lost-write');
    expect(specs.find(({ name }) => name === 'vcpus')).toMatchObject({ value: 1, min: 1 });
  });

  it('offers the choices of each actor, and says why a guard refuses one and what it read', () => {
    const { offers } = model.moment([]);
    expect(offers.filter(({ refused }) => !refused).map(({ label }) => label)).toContain('vcpu0 WRITE gfn=0');
    const [send] = offers.filter(({ label }) => label === 'migration SEND gfn=0');
    expect(send).toBeDefined();
    const sent = model.moment([send?.choice as number]).offers.find(({ label }) => label === 'migration SEND gfn=0');
    expect(sent?.refused).toEqual([{ guard: 'pageIsDirty', reads: [{ path: 'qemu.bmap', value: '0' }] }]);
  });

  it('takes the steps of a run, and says what each changed', () => {
    const [write] = model.moment([]).offers.filter(({ label }) => label === 'vcpu0 WRITE gfn=0');
    const { steps } = model.run([write?.choice as number], 0);
    expect(steps).toHaveLength(1);
    const changed = steps[0]?.changed.map(([cell, { text }]) => [model.info.cells[cell]?.path, text]);
    expect(changed).toContainEqual(['kvm.inGuestMode', 'none']);
  });

  it('says which covers a run has hit, whatever was looked at before', () => {
    const wrong = new OpenModel(noFlush, params, undefined);
    const run = find(wrong, [], { kind: 'cover', cover: 'second-round' }).steps ?? [];
    const hit = (n: number) => wrong.moment(run.slice(0, n)).coversHit;
    const fresh = (n: number) => new OpenModel(noFlush, params, undefined).moment(run.slice(0, n)).coversHit;
    for (const n of [run.length, 3, 7, 0, run.length]) expect(hit(n)).toEqual(fresh(n));
    expect(hit(run.length).length).toBeGreaterThan(hit(0).length);
  });

  it('says at which step a run that cannot be taken ends', () => {
    const { offers } = model.moment([]);
    const [refused] = offers.filter((offer) => offer.refused);
    expect(model.run([refused?.choice as number], 0)).toMatchObject({ steps: [], ended: { isFault: false } });
    expect(model.run([99_999], 0).ended?.cause).toMatch('no choice 99999');
  });
});

describe('a search from a state', () => {
  const wrong = new OpenModel(noFlush, params, undefined);

  it('finds from the start what a check finds, in as many steps', () => {
    const { outcome, steps, property } = find(wrong, [], { kind: 'violation' });
    expect([outcome, steps?.length, property]).toEqual([
      'found',
      counterexample(noFlush).length,
      'logged-or-protected',
    ]);
  });

  it('finds from each state of a counterexample the rest of it', () => {
    const run = counterexample(noFlush);
    for (const [n] of run.entries()) {
      expect(find(wrong, run.slice(0, n), { kind: 'violation' }).steps).toHaveLength(run.length - n);
    }
  });

  it('finds a state that an expression describes, a cover, and the state of another run', () => {
    expect(find(wrong, [], { kind: 'until', expression: 'vcpu0 in host' }).steps).toHaveLength(1);
    const cover = find(wrong, [], { kind: 'cover', cover: 'second-round' });
    expect(cover.outcome).toBe('found');
    const hit = wrong.moment(cover.steps as readonly number[]).coversHit;
    expect(hit).toContain('second-round');
    const run = counterexample(noFlush);
    expect(find(wrong, run.slice(0, 2), { kind: 'meet', run }).steps).toHaveLength(run.length - 2);
    expect(find(wrong, run, { kind: 'this-state' }).steps).toHaveLength(run.length);
  });

  it('says that there is nothing only when everything was searched', () => {
    const right = new OpenModel(rmapXchg, params, undefined);
    expect(find(right, [], { kind: 'violation' })).toMatchObject({ outcome: 'none', states: 1090 });
    const limited = right.search([], { kind: 'violation' }, { maxStates: 100 });
    let turn = limited.next();
    while (!turn.done) turn = limited.next();
    expect(turn.value.outcome).toBe('undecided');
  });
});

describe('after a fault', () => {
  const model = new OpenModel(adds('addShared'), {}, undefined);
  const [first, second] = model.moment([]).offers.map(({ choice }) => choice) as [number, number];

  it('only the fault is found: a fault leaves no state behind', () => {
    expect(model.moment([first])).toMatchObject({ offers: [], fault: expect.any(String) });
    expect(find(model, [first], { kind: 'violation' })).toMatchObject({ property: 'well-formed', steps: [] });
    const others: SearchGoal[] = [
      { kind: 'violation', property: 'both-counted' },
      { kind: 'until', expression: 'thread1 in done' },
      { kind: 'this-state' },
      { kind: 'meet', run: [] },
    ];
    for (const goal of others) expect(find(model, [first], goal).outcome).toBe('undecided');
    expect(find(model, [], { kind: 'meet', run: [first] }).outcome).toBe('undecided');
    expect(model.commuting([first], second)).toEqual([]);
  });
});

describe('two choices', () => {
  it('commute if both orders lead to one state', () => {
    const model = new OpenModel(rmapXchg, { ...params, vcpus: 2 }, undefined);
    const { offers } = model.moment([]);
    const choice = (label: string): number => offers.find((offer) => offer.label === label)?.choice as number;
    const answers = model.commuting([], choice('vcpu0 WRITE gfn=0'));
    const of = (label: string) => answers.find((answer) => answer.choice === choice(label));
    expect(of('migration SEND gfn=0')).toMatchObject({ commutes: true, because: [] });
    expect(of('vcpu1 WRITE gfn=0')).toMatchObject({
      commutes: false,
      because: expect.arrayContaining(['mmuLock.holder']),
    });
  });
});

describe('a comparison', () => {
  it('takes the same choices where another design has events more', () => {
    const [left, right] = [new OpenModel(rmapXchg, params, undefined), new OpenModel(sharedClear, params, undefined)];
    const run: number[] = [];
    for (const label of ['vcpu0 WRITE gfn=0', 'migration SEND gfn=0']) {
      run.push(left.moment([...run]).offers.find((one) => one.label === label)?.choice as number);
    }
    const labels = right.run(left.translate(run, right), 0).steps.map(({ label }) => label);
    expect(labels).toEqual(['vcpu0 WRITE gfn=0', 'migration SEND gfn=0']);
    expect(left.translate(run, right)).not.toEqual(run);
  });

  it('of a design and its mutant finds the first step that does something else', () => {
    const [left, right] = [new OpenModel(rmapXchg, params, undefined), new OpenModel(noFlush, params, undefined)];
    const run = counterexample(noFlush);
    const { rows, firstDifference } = left.compare(run, right, run);
    expect(firstDifference).toBeGreaterThan(0);
    expect(rows.slice(0, firstDifference).every(({ isEqual }) => isEqual)).toBe(true);
  });
});
