import { describe, expect, it } from 'vitest';
import { pml, rmapXchg } from '../../machines/designs.ts';
import { type AnyDesign, defineMutant, resolveSizes, shownSizes } from '../../src/model/design.ts';
import { PrecopyError } from '../../src/model/errors.ts';
import { instantiate } from '../../src/model/instance.ts';
import { toy } from '../support/toys.ts';

const design: AnyDesign = rmapXchg;

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

describe('the sizes of a run', () => {
  it('are the defaults of the system where nobody says otherwise', () => {
    expect(resolveSizes(design, {})).toMatchObject({ vcpus: 2, pages: 2, bitsPerWord: 32, emulatingVcpus: 1 });
  });

  it('are those of the design before the defaults, and those asked for before both', () => {
    const small = { ...rmapXchg, sizes: { vcpus: 1, pages: 3 } };
    expect(resolveSizes(small, { pages: 4 })).toMatchObject({ vcpus: 1, pages: 4, bitsPerWord: 32 });
  });

  it('are told without the special ones that a design has by itself', () => {
    expect(shownSizes(pml, resolveSizes(pml, {})).map(([name]) => name)).not.toContain('pmlEntries');
    expect(shownSizes(pml, resolveSizes(pml, { pmlEntries: 2 }))).toContainEqual(['pmlEntries', 2]);
    expect(shownSizes(pml, resolveSizes(pml, {}))).toContainEqual(['vcpus', 2]);
  });

  it('have no other names than the system declares', () => {
    const { code, message, remedy } = refusal(() => resolveSizes(design, { cpus: 2 }));
    expect(code).toBe('BAD_PARAMETER');
    expect(message).toBe("design rmap-xchg has no parameter 'cpus'");
    expect(remedy).toContain('vcpus, pages, bitsPerWord');
  });

  it('have no names that every object of JavaScript has', () => {
    for (const name of ['toString', 'constructor', '__proto__']) {
      const asked = Object.fromEntries([[name, 1]]);
      expect(refusal(() => resolveSizes(design, asked)).code, name).toBe('BAD_PARAMETER');
    }
  });

  it.each([
    ['below the least', { pages: 0 }, 'pages is 0, and must be a whole number from 1 to 268435456'],
    ['above the most', { vcpus: 65 }, 'vcpus is 65, and must be a whole number from 1 to 64'],
    ['not whole', { pages: 1.5 }, 'pages is 1.5, and must be a whole number from 1 to 268435456'],
    ['no number', { pages: Number.NaN }, 'pages is NaN, and must be a whole number from 1 to 268435456'],
  ])('are refused when %s', (_, asked, expected) => {
    const { code, message } = refusal(() => resolveSizes(design, asked));
    expect([code, message]).toEqual(['BAD_PARAMETER', expected]);
  });
});

describe('a mutant', () => {
  const mutant = defineMutant(toy({ states: { s: {} } }), 'broken', {
    putsBack: 'a bug',
    breaks: 'nothing',
    machines: {},
  });

  it('is named after its design', () => {
    expect(mutant).toMatchObject({ id: 'toy/broken', title: 'a bug', mutantOf: 'toy' });
  });

  it('says what it puts back and what that breaks', () => {
    expect(mutant.mutation).toEqual({ putsBack: 'a bug', breaks: 'nothing', machines: undefined });
  });
});

describe('a design that contradicts itself', () => {
  it('has a role without a machine', () => {
    const { code, message } = refusal(() => instantiate({ ...toy({ states: { s: {} } }), machines: {} }));
    expect([code, message]).toEqual(['BAD_DESIGN', "design toy has no machine for the role 'it'"]);
  });

  it('has a machine for something that is no role', () => {
    const good = toy({ states: { s: {} } });
    for (const role of ['other', 'toString']) {
      const bad = { ...good, machines: { ...good.machines, [role]: good.machines['it'] } };
      expect(refusal(() => instantiate(bad as never)).message).toContain(`a machine for '${role}', which is no role`);
    }
  });
});
