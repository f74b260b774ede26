import { describe, expect, it } from 'vitest';
import type { ActorInfo, RunStep } from '../../src/explore/messages.ts';
import type { TraceMove } from '../../src/model/trace.ts';
import { lanesSvg } from '../../src/web/lanes/lanes-svg.ts';
import { type LaneOptions, layoutLanes } from '../../src/web/lanes/layout.ts';

const actor = (name: string, tags: ActorInfo['tags'] = {}): ActorInfo => ({
  name,
  role: name,
  machine: name,
  states: [],
  tags,
});
const actors = [
  actor('vcpu0', { waiting: ['waits mmu_lock'], inLock: ['holds mmu_lock'] }),
  actor('mmuLock'),
  actor('<idle>'),
];
const initial = ['inGuest', 'free', 'idle'];

const move = (of: number, event: string, rest: Partial<TraceMove> = {}): TraceMove => ({
  actor: of,
  event,
  from: of,
  before: '',
  after: '',
  actions: [],
  accesses: [],
  sent: [],
  ...rest,
});
const step = (...moves: TraceMove[]): RunStep => ({
  choice: 0,
  label: '',
  changed: [],
  step: { actor: moves[0]?.actor ?? 0, event: moves[0]?.event ?? '', moves },
});
const accessTo = (cell: string, before: string, after: string): TraceMove['accesses'][number] => ({
  cell,
  before,
  after,
  region: 'shared',
  operation: 'set',
  kind: before === after ? 'load' : 'store',
});

/** vcpu0 awaits mmu_lock, which is granted by a posted message two steps later, and writes while it holds it. */
const run = [
  step(
    move(0, 'WRITE', {
      before: 'inGuest',
      after: 'waiting',
      sent: [{ type: 'LOCK', to: 1, posted: false }],
    }),
    move(1, 'LOCK', { from: 0, sent: [{ type: 'GRANTED', to: 0, posted: true }] }),
  ),
  step(move(2, 'STEP', { accesses: [accessTo('kvm.gone', '1', '1')] })),
  step(move(0, 'GRANTED', { from: 1, before: 'waiting', after: 'inLock' })),
  step(move(0, 'STEP', { accesses: [accessTo('kvm.dirtyBitmap[0]', '0', '1')] })),
];
const lay = (options: Partial<LaneOptions> = {}, steps = run) =>
  layoutLanes(actors, initial, steps, { pinned: [], hidden: [], ...options });

describe('lanes', () => {
  it('have a row for each move, and know how many rows the steps before take', () => {
    const { rows, rowsBefore } = lay();
    expect(rows.map((row) => [row.step, row.actor, row.event])).toEqual([
      [1, 0, 'WRITE'],
      [1, 1, 'LOCK from vcpu0'],
      [2, 2, ''],
      [3, 0, 'GRANTED from mmuLock'],
      [4, 0, ''],
    ]);
    expect(rowsBefore).toEqual([0, 2, 3, 4, 5]);
  });

  it('show how long an actor is in a state, awaits a lock and holds it', () => {
    const spans = lay().spans.filter((span) => span.actor === 0);
    expect(spans.map(({ kind, from, to, text }) => [kind, from, to, text])).toEqual([
      ['state', 0, 3, 'waiting'],
      ['state', 3, 5, 'inLock'],
      ['hold', 3, 5, 'holds mmu_lock'],
      ['wait', 0, 3, 'waits mmu_lock'],
    ]);
  });

  it('draw a rendezvous within its step, and a posted message until it is taken, or as pending', () => {
    const ends = (steps: readonly RunStep[]) =>
      lay({}, [...steps]).arrows.map(({ type, sentAt, takenAt }) => [type, sentAt, takenAt]);
    expect(ends(run)).toEqual([
      ['LOCK', 0, 1],
      ['GRANTED', 1, 3],
    ]);
    expect(ends(run.slice(0, 2))).toEqual([
      ['LOCK', 0, 1],
      ['GRANTED', 1, undefined],
    ]);
  });

  it('say what a step does to memory, with values', () => {
    expect(lay().rows.map(({ memory }) => memory.map(({ text }) => text).join())).toEqual([
      '',
      '',
      'reads kvm.gone=1',
      '',
      'kvm.dirtyBitmap[0] 0->1',
    ]);
  });

  it('put pinned actors first, and leave hidden ones out with their messages', () => {
    expect(lay({ pinned: ['<idle>'] }).actors).toEqual([2, 0, 1]);
    const { actors: shown, rows, arrows } = lay({ hidden: ['mmuLock'] });
    expect([shown, rows.length, arrows]).toEqual([[0, 2], 4, []]);
  });

  it('keep the rows that a filter names, by actor, cell or message, and no arrow to a row that is not there', () => {
    expect(lay({ filter: 'DIRTYbitmap' }).rows.map((row) => row.step)).toEqual([4]);
    expect(lay({ filter: 'mmulock' }).arrows.map(({ type }) => type)).toEqual(['GRANTED']);
    expect(lay({ filter: 'write' }).arrows).toEqual([]);
  });

  it('as SVG mark a violation and a cycle, say what is pending, and escape names', () => {
    const svg = lanesSvg(lay({}, run.slice(0, 2)), actors, 'a & b', { violated: 2, cycle: 2 });
    expect(svg).toContain('&lt;idle&gt;');
    expect(svg).toContain('a &amp; b');
    expect(svg).toContain('<title>GRANTED, pending</title>');
    expect(svg).toContain('repeat for ever');
    expect(svg.match(/fill="#ffebe9"/g)).toHaveLength(1);
    expect(svg).not.toMatch(/<idle>|undefined|NaN/);
  });

  it('lay out a run of 5,000 steps, with its messages', () => {
    const long = Array.from({ length: 1250 }, () => run).flat();
    const { rows, arrows } = lay({}, long);
    expect([rows.length, arrows.length]).toEqual([6250, 2500]);
  });
});
