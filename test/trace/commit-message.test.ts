import { describe, expect, it } from 'vitest';
import type { TraceMove, TraceStep } from '../../src/model/trace.ts';
import { commitMessage } from '../../src/trace/commit-message.ts';
import { threadsOf } from '../../src/trace/threads.ts';
import { endless, harmless, lasso, race, stillborn } from './fixture.ts';

describe('a race for a commit message', () => {
  it('has a column for each thread, a step in its column, and no column for a lock', () => {
    expect(commitMessage(race)).toMatchInlineSnapshot(`
      "  CPU0: cpu0                         CPU1: cpu1
        ==========                         ==========
        WRITE gfn=1: leaveGuest
          requestLock (grant)
                                           kick posts IPI to cpu0
        IPI from cpu1: mark acknowledge

      no-mark-under-lock is violated at step 3: nobody marks a page while a
        processor waits (cpu1 waits).
      Then cpu0 is in host.marking, cpu1 is in host.waiting, lock is in held.

      (precopy: toy/no-barrier, cpus=2 pages=2)"
    `);
  });

  it('shows changes of the memory that the violated property reads', () => {
    const violation = {
      ...(race.violation as NonNullable<typeof race.violation>),
      reads: ['kvm.dirty', 'ghost.marked'],
    };
    const text = commitMessage({ ...race, violation });
    expect(text).toContain('[kvm.dirty 00->01, ghost.marked');
    expect(text).toContain('\nThe property reads kvm.dirty=01, ghost.marked=01.\n');
  });

  it('marks what is repeated for ever', () => {
    expect(commitMessage(lasso)).toContain('\n  --- steps 2 to 3 repeat for ever ---\n');
  });

  it('says that nothing is violated', () => {
    expect(commitMessage(harmless)).toContain('\nNo property is violated. (precopy: toy/no-barrier, cpus=2 pages=2)');
  });

  it('is at most 72 columns wide, however long a name is', () => {
    const names = ['a'.repeat(100), 'b'.repeat(100), 'c'.repeat(100), 'd'.repeat(100)];
    const steps = race.steps.flatMap((step) => [0, 1, 2, 3].map((actor): TraceStep => ({ ...step, actor })));
    for (const trace of [race, lasso, stillborn, endless(12), { ...race, actors: names, steps }]) {
      for (const line of commitMessage(trace).split('\n')) expect(line.length, line).toBeLessThanOrEqual(72);
    }
  });
});

describe('the threads of a trace', () => {
  const move = (actor: number, sent: TraceMove['sent'] = []): TraceMove => ({
    ...{ actor, event: 'STEP', from: actor, before: 's', after: 's', actions: ['act'], accesses: [] },
    sent,
  });
  const step = (actor: number, moves: readonly TraceMove[]): TraceStep => ({ actor, event: 'STEP', moves: [...moves] });
  const call = (to: number) => ({ type: 'IOCTL', to, posted: false, call: true as const });
  const [thread, ioctl, other] = [0, 1, 2];
  const actors = ['thread', 'ioctl', 'other'];

  it('unite an actor with the only one that calls it, also though it returns', () => {
    const steps = [
      step(thread, [move(thread, [call(ioctl)]), move(ioctl)]),
      step(ioctl, [move(ioctl, [call(thread)])]),
    ];
    expect(threadsOf({ ...race, actors, steps })).toEqual([{ name: 'thread', actors: [thread, ioctl] }]);
  });

  it('keep an actor apart that several call', () => {
    const steps = [
      step(thread, [move(thread, [call(ioctl)])]),
      step(other, [move(other, [call(ioctl)])]),
      step(ioctl, [move(ioctl)]),
    ];
    expect(threadsOf({ ...race, actors, steps }).map(({ name }) => name)).toEqual(['thread', 'other', 'ioctl']);
  });
});
