import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { compile } from '../../../src/index.ts';
import { arrange, mutualInformation } from '../../../src/search/symbolic/linear-arrangement.ts';
import { randomRun } from '../../../src/search/symbolic/random-run.ts';
import { SymbolicProgram } from '../../../src/search/symbolic/symbolic-program.ts';
import { bitsOf, orderBits } from '../../../src/search/symbolic/variable-order.ts';

describe('the order of variables', () => {
  const program = compile(rmapXchg, { vcpus: 2, pages: 2, loggingOn: 1 });
  const { program: symbolic } = new SymbolicProgram(program, Int32Array.from(program.state), randomRun(program));
  const nameOf = new Map<number, string>(
    symbolic.instance.cells.flatMap(({ plain }) =>
      bitsOf(plain).map((bit, n) => [bit, `${plain.name}[${n}]`] as const),
    ),
  );
  const bits = [...nameOf.keys()];
  /** Random states in which bits of page 0 are related: `kvm.dirtyBitmap[0]` and `ram.stale` are equal. */
  const states = Array.from({ length: 64 }, (_, n) =>
    Uint8Array.from(bits, (bit) => {
      const name = nameOf.get(bit);
      return name === 'kvm.dirtyBitmap[0][0]' || name === 'ram.stale[0]' ? n & 1 : (n >> (1 + (bit % 5))) & 1;
    }),
  );
  const order = orderBits(symbolic, states).map((bit) => nameOf.get(bit) ?? '');
  const at = (name: string): number => order.indexOf(name);

  it('has each bit once', () => {
    expect([...order].sort()).toEqual([...nameOf.values()].sort());
  });

  it('puts the answers of vCPUs, and messages to them, to the actor that collects or sends them', () => {
    expect(at('getDirtyLog.mailbox.IPI_ACK[1]')).toBeLessThan(at('getDirtyLog[0]'));
    expect(at('getDirtyLog[0]')).toBeLessThan(at('vcpu0[0]'));
    const sender = symbolic.actors.indexOf('getDirtyLog');
    expect(at(`vcpu0.mailbox.IPI[${sender}]`)).toBeLessThan(at('vcpu0[0]'));
  });

  it('has a block for each vCPU, with its bits in sets of nobody', () => {
    expect(at('vcpu0[0]')).toBeLessThan(at('kvm.inGuestMode[1]'));
    expect(at('kvm.inGuestMode[0]')).toBeLessThan(at('vcpu1[0]'));
  });

  it('puts registers that name a page between vCPUs and pages', () => {
    expect(at('vcpu1[0]')).toBeLessThan(at('vcpu0.gfn[0]'));
    expect(at('vcpu1.gfn[0]')).toBeLessThan(at('ram.stale[0]'));
  });

  it('has a block for each page, in which related bitmaps are neighbours', () => {
    expect(Math.abs(at('kvm.dirtyBitmap[0][0]') - at('ram.stale[0]'))).toBe(1);
    expect(Math.max(at('ram.stale[0]'), at('qemu.bmap[0]'))).toBeLessThan(at('qemu.bmap[1]'));
  });
});

describe('an arrangement', () => {
  it('puts what belongs together side by side', () => {
    const weights = [
      [0, 0, 5, 0],
      [0, 0, 1, 7],
      [5, 1, 0, 0],
      [0, 7, 0, 0],
    ];
    expect([arrange(weights), arrange(weights).toReversed()]).toContainEqual([0, 2, 1, 3]);
  });

  it('is by what bits tell of each other', () => {
    const states = [0, 1, 2, 3].map((n) => Uint8Array.of(n & 1, n & 1, n >> 1, 0));
    expect([1, 2, 3].map((other) => mutualInformation(0, other, states))).toEqual([1, 0, 0]);
  });
});
