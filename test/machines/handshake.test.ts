import { describe, expect, it } from 'vitest';
import { kernelOfToday } from '../../machines/designs/kernel-of-today.ts';
import { handshakeMutants } from '../../machines/mutants/handshake.ts';
import { replay } from '../../src/live/replay.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { columns } from '../../src/trace/columns.ts';
import { explore } from '../support/explore.ts';

const noSmpMb = handshakeMutants.find(({ id }) => id === 'rmap-xchg-handshake/no-smp-mb') as AnyDesign;

describe('VM entry without smp_mb', () => {
  it('misses no flush under sc, so that only store buffers can show the bug', () => {
    expect(explore({ ...noSmpMb, memoryModel: 'sc' }).verdict).toBe('holds');
    expect(explore(noSmpMb).verdict).toBe('violated');
  });

  it('misses it with a buffer of one store too', () => {
    expect(explore(noSmpMb, { storeBuffer: 1 }).verdict).toBe('violated');
  });

  it('has a trace that shows buffered stores, and when they reach memory', () => {
    const roomy = { storeBuffer: 8 };
    const text = columns(replay(noSmpMb, roomy, explore(noSmpMb, roomy).violation?.schedule ?? []));
    expect(text).toMatch(/^rmap-xchg-handshake\/no-smp-mb .* storeBuffer=8 tso$/m);
    expect(text).toMatch(/^ *\d+ .*storeInGuestMode .* buffers kvm\.vcpuMode\[0\]=1$/m);
    expect(text).toMatch(/^ *\d+ {2}DRAIN: buffered store reaches memory .* kvm\.spteWritable 0->1$/m);
    expect(text).toMatch(/^ *\d+ {2}DRAIN: buffered message leaves .*\n.* UNLOCK from vcpu0: grantToNext/m);
    expect(text).toMatch(/cmpxchgMode .* kvm\.vcpuMode\[0\] stays 0$/m);
  });
});

describe('the designs that `host validate` simulates', () => {
  it.each(Object.values(kernelOfToday))('$id holds with one vCPU and one page', (design) => {
    expect(explore(design, { vcpus: 1, pages: 1 }).verdict).toBe('holds');
  });
});
