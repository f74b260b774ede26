import { describe, expect, it } from 'vitest';
import { mermaid } from '../../src/trace/mermaid.ts';
import { endless, lasso, race, stillborn } from './fixture.ts';

const mostThatMermaidDraws = 50_000;

describe('mermaid', () => {
  it('draws rendezvous as solid arrows, deliveries as dashed ones, and what changed as notes', () => {
    expect(mermaid(race)).toMatchInlineSnapshot(`
      "sequenceDiagram
        title toy/no-barrier cpus=2 pages=2
        participant a0 as cpu0
        participant a1 as cpu1
        participant a2 as lock
        Note over a0: 1. WRITE gfn=1: leaveGuest requestLock<br/>reads cpu.tlb[0]=10
        a0->>a2: LOCK
        Note over a2: grant<br/>holder 0->1
        a2->>a0: GRANTED n=1
        Note over a0: locking -> marking
        Note over a1: 2. kick<br/>posts IPI to cpu0<br/>reads kvm.dirty=00<br/>kvm.kicked 0->1
        a1-->>a0: IPI
        Note over a0: 3. mark acknowledge<br/>kvm.dirty 00->01<br/>kvm.kicked stays 1
        rect rgb(255, 214, 214)
        Note over a0,a2: no-mark-under-lock is violated at step 3<br/>nobody marks a page while a processor waits<br/>cpu1 waits<br/>kvm.dirty=01, kvm.kicked=1, cpu.tlb[0]=10, ghost.marked=01
        end"
    `);
  });

  it('draws a break in the initial state over all actors', () => {
    expect(mermaid(stillborn)).toContain('Note over a0,a3: no-mark-under-lock is violated in the initial state');
  });

  it('writes what Mermaid takes for its own as entities', () => {
    expect(mermaid({ ...race, design: 'a;b#c<d' })).toContain('title a#59;b#35;c#lt;d');
  });

  it('drops the first notes if it is too long, with a comment', () => {
    const diagram = mermaid(endless(300));
    expect(diagram.length).toBeLessThan(mostThatMermaidDraws);
    expect(diagram).toMatch(/%% left out for length: notes of steps 1 to \d+/);
    expect(diagram.match(/a0->>a2: LOCK/g)).toHaveLength(300);
    expect(diagram).toContain('300. WRITE gfn=1');
    expect(diagram).toContain('no-mark-under-lock is violated at step 300');
  });

  it('then loses steps', () => {
    const diagram = mermaid(endless(5000));
    expect(diagram.length).toBeLessThan(mostThatMermaidDraws);
    expect(diagram).toMatch(/%% left out for length: steps 1 to \d+/);
    expect(diagram).toContain('a0->>a2: LOCK');
  });

  it('draws what is repeated for ever as a loop, whatever is left out', () => {
    expect(mermaid(lasso)).toMatch(
      /\n {2}loop steps 2 to 3 repeat for ever\n {2}Note over a1: 2\. .*\n {2}end\n {2}rect /s,
    );
    expect(mermaid({ ...endless(2000), cycle: 1990 })).toMatch(
      /\n {2}loop steps 11 to 2000 repeat for ever\n.*\n {2}end\n/s,
    );
  });
});
