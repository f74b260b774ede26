import { describe, expect, it } from 'vitest';
import { designs, rmapXchg } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { instantiate } from '../../src/model/instance.ts';
import { and, not, or } from '../../src/model/machine.ts';
import { modelHash } from '../../src/model/model-hash.ts';
import { toy } from '../support/toys.ts';

describe('the model hash', () => {
  const hash = (design: AnyDesign, params = {}): string => modelHash(instantiate(design, params));

  it('is eight hex digits, the same for the same design and params', () => {
    expect(hash(rmapXchg)).toMatch(/^[0-9a-f]{8}$/);
    expect(hash(rmapXchg)).toBe(hash({ ...rmapXchg }));
  });

  it('differs between any two shipped designs and mutants', () => {
    const hashes = [...designs, ...mutants].map((design) => hash(design, { vcpus: 1, pages: 1 }));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('changes with the params', () => {
    expect(hash(rmapXchg, { pages: 1 })).not.toBe(hash(rmapXchg, { pages: 2 }));
  });

  it('changes with a state, a target, an action and a guard', () => {
    const transition = (E: object): AnyDesign => toy({ states: { s: { on: { E, F: 't' } }, t: {} } });
    const hashes = [
      toy({ states: { s: {} } }),
      transition({ target: 't' }),
      transition({ target: 's' }),
      transition({ target: 't', actions: 'incA' }),
      transition({ target: 't', guard: 'aIsZero' }),
    ].map((design) => hash(design));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('changes with how guards are combined', () => {
    const guarded = (guard: unknown): AnyDesign => toy({ states: { s: { on: { E: { target: 's', guard } } } } });
    const hashes = [
      guarded(undefined),
      guarded(and(['aIsZero', 'aIsBelow3'])),
      guarded(or(['aIsZero', 'aIsBelow3'])),
      guarded(not('aIsZero')),
      guarded(not('aIsBelow3')),
    ].map((design) => hash(design));
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not change with a description, meta or a title', () => {
    const plain = {
      s: { on: { E: { target: 't', actions: 'incA' }, F: [{ target: 's' }] } },
      t: { states: { u: {} }, initial: 'u' },
    };
    const described = {
      s: {
        description: 'the first state',
        meta: { line: 1 },
        on: {
          E: { target: 't', actions: 'incA', description: 'counts', meta: { coarse: 'one step' } },
          F: [{ target: 's', description: 'goes back' }],
        },
      },
      t: { description: 'the second state', states: { u: { description: 'inside' } }, initial: 'u' },
    };
    const before = toy({ states: plain });
    expect(hash(toy({ states: described, root: { description: 'a machine' } }))).toBe(hash(before));
    expect(hash({ ...before, title: 'another title' })).toBe(hash(before));
  });

  it('changes with a state that is called description or meta', () => {
    const s = { on: { E: 's' } };
    const hashes = [
      { s },
      { s: { on: { E: 'description' } }, description: {} },
      { s: { on: { E: 'meta' } }, meta: {} },
    ].map((states) => hash(toy({ states })));
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
