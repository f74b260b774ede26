import { describe, expect, it } from 'vitest';
import { columns } from '../../src/trace/columns.ts';
import { endless, harmless, lasso, race, stillborn, stuck } from './fixture.ts';

describe('columns', () => {
  it('gives each actor that takes part a column, and marks the line that breaks the property', () => {
    expect(columns(race)).toMatchInlineSnapshot(`
      "toy/no-barrier cpus=2 pages=2

          cpu0  cpu1  lock
       1  WRITE gfn=1: leaveGuest requestLock                         reads cpu.tlb[0]=10
          |     |     LOCK from cpu0: grant                           holder 0->1
          GRANTED n=1 from lock: locking -> marking
       2  |     kick, posts IPI to cpu0                               reads kvm.dirty=00, kvm.kicked 0->1
      >3  IPI from cpu1: mark acknowledge                             kvm.dirty 00->01, kvm.kicked stays 1
      >>> no-mark-under-lock is violated at step 3: nobody marks a page while a processor waits (cpu1
          waits)
          states  cpu0 in host.marking, cpu1 in host.waiting, lock in held
          memory  kvm.dirty=01, kvm.kicked=1, cpu.tlb[0]=10, ghost.marked=01"
    `);
  });

  it('shows what the violated property reads: changes of ghosts, and the values at the end', () => {
    const reads = ['ghost.marked', 'kvm.unused'];
    const cells = { ...race.initial.cells, 'kvm.unused': '7' };
    const violation = { ...(race.violation as NonNullable<typeof race.violation>), reads };
    const lines = columns({ ...race, initial: { ...race.initial, cells }, violation }).split('\n');
    expect(lines.slice(-2)).toEqual([
      '    reads   ghost.marked=01, kvm.unused=7',
      '    memory  kvm.dirty=01, kvm.kicked=1, cpu.tlb[0]=10',
    ]);
    expect(lines.join(' ').replaceAll('|', ' ')).toMatch(
      />3 .* kvm\.dirty 00->01, +kvm\.kicked stays 1, +ghost\.marked 00->01 /,
    );
  });

  it('puts memory under the text if there is no room beside it', () => {
    expect(columns(race, { width: 60 })).toMatchInlineSnapshot(`
      "toy/no-barrier cpus=2 pages=2

          cpu0  cpu1  lock
       1  WRITE gfn=1: leaveGuest requestLock
              reads cpu.tlb[0]=10
          |     |     LOCK from cpu0: grant
          |     |         holder 0->1
          GRANTED n=1 from lock: locking -> marking
       2  |     kick, posts IPI to cpu0
          |         reads kvm.dirty=00, kvm.kicked 0->1
      >3  IPI from cpu1: mark acknowledge
              kvm.dirty 00->01, kvm.kicked stays 1
      >>> no-mark-under-lock is violated at step 3: nobody marks a
          page while a processor waits (cpu1 waits)
          states  cpu0 in host.marking, cpu1 in host.waiting,
                  lock in held
          memory  kvm.dirty=01, kvm.kicked=1, cpu.tlb[0]=10,
                  ghost.marked=01"
    `);
  });

  it('reports that no property is violated', () => {
    expect(columns(harmless).split('\n').at(-1)).toBe('no property is violated in 1 step');
  });

  it('tells of a break in the initial state, where no step leads to it', () => {
    expect(columns(stillborn)).toMatchInlineSnapshot(`
      "toy/no-barrier cpus=2 pages=2

          cpu0  cpu1  lock  idler
      >>> no-mark-under-lock is violated in the initial state: nobody marks a page while a processor waits
          (cpu1 waits)
          states  cpu0 in guest, cpu1 in host.running, lock in free, idler in asleep
          memory  kvm.dirty=00, kvm.kicked=0, cpu.tlb[0]=10, ghost.marked=00"
    `);
  });

  it.each([60, 72, 80, 100, 132])('fits a width of %i', (width) => {
    for (const trace of [race, endless(12), stillborn]) {
      const longest = Math.max(
        ...columns(trace, { width })
          .split('\n')
          .map((line) => line.length),
      );
      expect(longest).toBeLessThanOrEqual(width);
    }
  });

  it('is colored only on request, with the same text', () => {
    const coloured = columns(race, { colour: true });
    expect(columns(race)).not.toContain('\u001b');
    expect(coloured).toContain('\u001b[');
    expect(withoutColour(coloured)).toBe(columns(race));
  });

  it('rules off what is repeated for ever', () => {
    const text = columns(lasso);
    expect(text).toMatch(/\n--- from here on steps 2 to 3 repeat for ever -+\n *2 /);
    expect(text).toContain('>>> no-mark-under-lock is violated, as steps 2 to 3 repeat for ever: nobody marks');
    expect(text).not.toContain('>3');
  });

  it('reports an infinite run in which nothing happens', () => {
    expect(columns(stuck)).toContain('>>> no-mark-under-lock is violated, as nothing need happen after step 3: ');
  });
});

function withoutColour(text: string): string {
  return text
    .split('\u001b')
    .map((piece, n) => (n === 0 ? piece : piece.replace(/^\[\d+m/, '')))
    .join('');
}
