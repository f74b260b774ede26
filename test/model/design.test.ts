import { describe, expect, it } from 'vitest';
import { designs, freePageHints, lateFlushTwoCollectors, pml, rmapXchg } from '../../machines/designs/index.ts';
import { defineDesign, defineMutant } from '../../src/model/define-design.ts';
import {
  type AnyDesign,
  displayedParams,
  isBelowOwnParams,
  nonDefaultParams,
  resolveParams,
} from '../../src/model/design.ts';
import { PrecopyError } from '../../src/model/errors.ts';
import { instantiate } from '../../src/model/instance.ts';
import type { ParamSpecs } from '../../src/model/system-types.ts';
import { explore } from '../support/explore.ts';
import { toy } from '../support/toys.ts';

const design: AnyDesign = rmapXchg;

/** What is special about each design, left out. */
const specialSizes = designs.flatMap(({ id, params, system }) =>
  nonDefaultParams({ params, system } as AnyDesign).flatMap(([name]) => {
    const { special, default: usual } = system.spec.params[
      name as keyof typeof system.spec.params
    ] as ParamSpecs[string];
    return special ? [[id, name, usual] as const] : [];
  }),
);

/** The code and text of the error that a call ends with. */
function refusal(call: () => unknown): { code: string; message: string; remedy: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof PrecopyError) return { code: error.code, message: error.message, remedy: error.remedy };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the params of a run', () => {
  it('are the defaults of the system by default', () => {
    expect(resolveParams(design, {})).toMatchObject({ vcpus: 2, pages: 2, bitsPerWord: 32, emulatingVcpus: 1 });
  });

  it('are those of the design before the defaults, and the given ones before both', () => {
    const small = { ...rmapXchg, params: { vcpus: 1, pages: 3 } };
    expect(resolveParams(small, { pages: 4 })).toMatchObject({ vcpus: 1, pages: 4, bitsPerWord: 32 });
  });

  it('are displayed without special ones with the value of the design', () => {
    expect(displayedParams(pml, resolveParams(pml, {})).map(([name]) => name)).not.toContain('pmlEntries');
    expect(displayedParams(pml, resolveParams(pml, { pmlEntries: 2 }))).toContainEqual(['pmlEntries', 2]);
    expect(displayedParams(pml, resolveParams(pml, {}))).toContainEqual(['vcpus', 2]);
  });

  it('are at least what the machines of the design need', () => {
    const { code, message } = refusal(() => resolveParams(lateFlushTwoCollectors, { dirtyMemory: 0 }));
    expect([code, message]).toEqual(['BAD_PARAMETER', 'late-flush-two-collectors needs dirtyMemory 1 or more, not 0']);
  });

  it('must be 0 if the machines of the design do not support them', () => {
    const { code, message } = refusal(() => resolveParams(freePageHints, { devices: 1 }));
    expect([code, message]).toEqual(['BAD_PARAMETER', 'free-page-hints does not support devices, which is 1']);
  });

  it.each(specialSizes)('are refused, or the design holds: %s with %s=%i', (id, name, value) => {
    const one = designs.find((other) => other.id === id) as AnyDesign;
    const small = { vcpus: 1, pages: 1, emulatingVcpus: 0, [name]: value };
    if (value < (one.minParams?.[name] ?? 0))
      expect(refusal(() => resolveParams(one, small)).code).toBe('BAD_PARAMETER');
    else expect(explore(one, small).verdict).toBe('holds');
  });

  it('are special to a design where they are not the defaults of its system', () => {
    expect(nonDefaultParams(rmapXchg)).toEqual([]);
    expect(nonDefaultParams(pml)).toContainEqual(['pmlEntries', 1]);
  });

  it('are below those of the design where there is less of something, or something special is otherwise', () => {
    const at = (asked: Readonly<Record<string, number>>): boolean => isBelowOwnParams(pml, resolveParams(pml, asked));
    expect([at({}), at({ pages: 3 }), at({ vcpus: 3 })]).toEqual([false, false, false]);
    expect([at({ pages: 1 }), at({ vcpus: 1 }), at({ loggingOn: 0 })]).toEqual([true, true, true]);
  });

  it('have no other names than the system declares', () => {
    const { code, message, remedy } = refusal(() => resolveParams(design, { cpus: 2 }));
    expect(code).toBe('BAD_PARAMETER');
    expect(message).toBe("design rmap-xchg has no parameter 'cpus'");
    expect(remedy).toContain('vcpus, pages, bitsPerWord');
  });

  it('have no names that every object of JavaScript has', () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      const asked = Object.fromEntries([[name, 1]]);
      expect(refusal(() => resolveParams(design, asked)).code, name).toBe('BAD_PARAMETER');
    }
  });

  it.each([
    ['below the minimum', { pages: 0 }, 'pages is 0, but must be an integer from 1 to 268435456'],
    ['above the maximum', { vcpus: 65 }, 'vcpus is 65, but must be an integer from 1 to 64'],
    ['no integer', { pages: 1.5 }, 'pages is 1.5, but must be an integer from 1 to 268435456'],
    ['no number', { pages: Number.NaN }, 'pages is NaN, but must be an integer from 1 to 268435456'],
  ])('are refused when %s', (_, asked, expected) => {
    const { code, message } = refusal(() => resolveParams(design, asked));
    expect([code, message]).toEqual(['BAD_PARAMETER', expected]);
  });
});

describe('a mutant', () => {
  const mutant = defineMutant(toy({ states: { s: {} } }), 'broken', {
    bug: 'a bug',
    breaks: 'well-formed',
    machines: {},
  });

  it('is named after its design', () => {
    expect(mutant).toMatchObject({ id: 'toy/broken', title: 'a bug', mutantOf: 'toy' });
  });

  it('says what it puts back and what that breaks', () => {
    expect(mutant.mutation).toEqual({ bug: 'a bug', breaks: 'well-formed', machines: undefined });
  });
});

describe('a design that contradicts itself', () => {
  it('has a role without a machine', () => {
    const { code, message } = refusal(() => instantiate({ ...toy({ states: { s: {} } }), machines: {} }));
    expect([code, message]).toEqual(['BAD_DESIGN', "design toy has no machine for the role 'it'"]);
  });

  it.each([
    ['title', { title: undefined }],
    ['system', { system: undefined }],
    ['system', { system: {} }],
    ['machines', { machines: undefined }],
    ['bug', { mutation: { breaks: 'well-formed' } }],
  ])('has no %s', (part, lacking) => {
    const { code, message } = refusal(() => defineDesign({ ...toy({ states: { s: {} } }), ...lacking } as never));
    expect([code, message]).toEqual(['BAD_DESIGN', `design 'toy' has no ${part}`]);
  });

  it('has a property that states nothing', () => {
    const property = { kind: 'invariant', id: 'mute', holds: () => true };
    const { code, message } = refusal(() =>
      defineDesign({ ...toy({ states: { s: {} } }), properties: [property] } as never),
    );
    expect([code, message]).toEqual(['BAD_DESIGN', "design 'toy', property 'mute' has no description"]);
  });

  it('has a machine for a name that is not a role', () => {
    const good = toy({ states: { s: {} } });
    for (const role of ['other', 'toString']) {
      const bad = { ...good, machines: { ...good.machines, [role]: good.machines['it'] } };
      expect(refusal(() => instantiate(bad as never)).message).toContain(
        `a machine for '${role}', which is not a role`,
      );
    }
  });
});
