import { describe, expect, it } from 'vitest';
import { designs, rmapXchg } from '../../machines/designs/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Property, Step } from '../../src/model/property.ts';
import { covers } from './cover-cases.ts';
import { invariants } from './invariant-cases.ts';
import { obligations } from './obligation-cases.ts';
import { atRest, inSnapshot, ioctlHoldsLock, type Make, reported, resumed } from './states.ts';

const propertyOf = (design: AnyDesign, id: string): Property => {
  const found = design.properties.find((property) => property.id === id);
  if (!found) throw new Error(`${design.id} has no property ${id}`);
  return found;
};

/**
 * Returns, for a hand-made state: whether an invariant holds, an end state is valid, a cover is hit, or no obligation
 * is pending.
 */
function verdict(design: AnyDesign, id: string, make: readonly Make[], step?: Partial<Step>): boolean {
  const hand = atRest(design);
  for (const one of make) one(hand);
  const property = propertyOf(design, id);
  switch (property.kind) {
    case 'invariant':
      return property.holds(hand.view);
    case 'deadlock':
      return property.isValidEndState(hand.view);
    case 'cover':
      return property.isHit(hand.view, { actor: 0, actions: [], payload: 0, ...step });
    case 'leads-to': {
      const view = hand.view as never;
      const { actors } = view as { actors: never };
      return property.actors(actors).every((actor) => !property.from(view, actor) || property.to(view, actor));
    }
  }
}

describe('the invariant', () => {
  for (const { property, design = rmapXchg, breaks, holds } of invariants) {
    describe(property, () => {
      for (const [what, make] of Object.entries(breaks)) {
        it(`breaks when ${what}`, () => expect(verdict(design, property, make)).toBe(false));
      }
      for (const [what, make] of Object.entries(holds)) {
        it(`holds when ${what}`, () => expect(verdict(design, property, make)).toBe(true));
      }
    });
  }
});

describe('the cover', () => {
  for (const { property, design = rmapXchg, step, breaks, holds } of covers) {
    describe(property, () => {
      for (const [what, make] of Object.entries(holds)) {
        it(`is hit when ${what}`, () => expect(verdict(design, property, make, step)).toBe(true));
      }
      for (const [what, make] of Object.entries(breaks)) {
        it(`is not hit when ${what}`, () => expect(verdict(design, property, make, step)).toBe(false));
      }
    });
  }

  it.each(['stale-tlb-write', 'dirtied-before-copy', 'marked-during-ioctl'])(
    '%s is not hit in a step without its action',
    (property) => {
      const make = [ioctlHoldsLock, inSnapshot, reported];
      expect(verdict(rmapXchg, property, make, { actions: ['fillTlb'] })).toBe(false);
    },
  );
});

describe('the obligation', () => {
  for (const { property, design = rmapXchg, breaks, holds } of obligations) {
    describe(property, () => {
      for (const [what, make] of Object.entries(breaks)) {
        it(`is pending when ${what}`, () => expect(verdict(design, property, make)).toBe(false));
      }
      for (const [what, make] of Object.entries(holds)) {
        it(`is not pending when ${what}`, () => expect(verdict(design, property, make)).toBe(true));
      }
    });
  }
});

describe('no-deadlock', () => {
  it('accepts the end state in which the destination has resumed', () => {
    expect(verdict(rmapXchg, 'no-deadlock', [resumed])).toBe(true);
  });

  it('accepts no other end state', () => {
    expect(verdict(rmapXchg, 'no-deadlock', [({ put }) => put('migration', 'completed')])).toBe(false);
    expect(verdict(rmapXchg, 'no-deadlock', [])).toBe(false);
  });
});

describe('every property of every design', () => {
  it('is in this test', () => {
    const tested = new Set([
      ...invariants.map(({ property }) => property),
      ...covers.map(({ property }) => property),
      ...obligations.map(({ property }) => property),
      'no-deadlock',
    ]);
    expect(new Set(designs.flatMap(({ properties }) => properties.map(({ id }) => id)))).toEqual(tested);
  });

  it('has a description of one sentence', () => {
    for (const { properties } of designs) {
      for (const { id, description } of properties)
        expect(description, id).toMatch(/^[^.]{20,120}$|^the destination resumed$/);
    }
  });
});
