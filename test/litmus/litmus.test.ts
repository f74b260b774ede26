import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesOf, outcomesByAxioms } from './axioms.ts';
import { type Instruction, type LitmusProgram, load, mfence, outcomesOf, store, xchg } from './program.ts';

interface LitmusTest {
  /** as in the literature on weak memory; the names of the vendors' tests behind it, as the x86-TSO papers give them */
  readonly name: string;
  readonly program: LitmusProgram;
  /** the outcome that the test is about, by the parts of it that are given */
  readonly outcome: string;
  readonly allowed: { readonly sc: boolean; readonly tso: boolean };
}

const never = { sc: false, tso: false };
const onlyTso = { sc: false, tso: true };

/**
 * The classic tests, each with its published verdict. Those with a name of Intel's (iwp) or AMD's (amd) white paper: S.
 * Owens, S. Sarkar and P. Sewell, "A better x86 memory model: x86-TSO", TPHOLs 2009, and Sewell et al., CACM 53(7),
 * 2010, section 3.2. The others, by the names of J. Alglave, L. Maranget and M. Tautschnig, "Herding cats", TOPLAS
 * 36(2), 2014: of the tests with two processes TSO allows SB and R.
 */
const tests: readonly LitmusTest[] = [
  {
    name: 'SB (iwp2.3.a, amd4): loads may be reordered with older stores',
    program: [
      [store('x', 1), load('y')],
      [store('y', 1), load('x')],
    ],
    outcome: '0:r0=0 1:r0=0',
    allowed: onlyTso,
  },
  {
    name: 'SB+mfences (amd5)',
    program: [
      [store('x', 1), mfence, load('y')],
      [store('y', 1), mfence, load('x')],
    ],
    outcome: '0:r0=0 1:r0=0',
    allowed: never,
  },
  {
    name: 'SB with one mfence',
    program: [
      [store('x', 1), mfence, load('y')],
      [store('y', 1), load('x')],
    ],
    outcome: '0:r0=0 1:r0=0',
    allowed: onlyTso,
  },
  {
    name: 'SB with locked stores (iwp2.8.a): loads are not reordered with locks',
    program: [
      [xchg('x', 1), load('y')],
      [xchg('y', 1), load('x')],
    ],
    outcome: '0:r1=0 1:r1=0',
    allowed: never,
  },
  {
    name: 'SB with forwarding (iwp2.4, amd9): a processor sees its own stores first',
    program: [
      [store('x', 1), load('x'), load('y')],
      [store('y', 1), load('y'), load('x')],
    ],
    outcome: '0:r0=1 0:r1=0 1:r0=1 1:r1=0',
    allowed: onlyTso,
  },
  {
    name: 'iwp2.3.b: loads are not reordered with older stores to the same location',
    program: [[store('x', 1), load('x')]],
    outcome: '0:r0=0',
    allowed: never,
  },
  {
    name: 'MP (iwp2.1, amd1): stores are not reordered with other stores',
    program: [
      [store('x', 1), store('y', 1)],
      [load('y'), load('x')],
    ],
    outcome: '1:r0=1 1:r1=0',
    allowed: never,
  },
  {
    name: 'MP+mfences',
    program: [
      [store('x', 1), mfence, store('y', 1)],
      [load('y'), mfence, load('x')],
    ],
    outcome: '1:r0=1 1:r1=0',
    allowed: never,
  },
  {
    name: 'LB (iwp2.2, amd2): stores are not reordered with older loads',
    program: [
      [load('x'), store('y', 1)],
      [load('y'), store('x', 1)],
    ],
    outcome: '0:r0=1 1:r0=1',
    allowed: never,
  },
  {
    name: 'LB+mfences',
    program: [
      [load('x'), mfence, store('y', 1)],
      [load('y'), mfence, store('x', 1)],
    ],
    outcome: '0:r0=1 1:r0=1',
    allowed: never,
  },
  {
    name: 'WRC (iwp2.5, amd8): stores are transitively visible',
    program: [[store('x', 1)], [load('x'), store('y', 1)], [load('y'), load('x')]],
    outcome: '1:r0=1 2:r0=1 2:r1=0',
    allowed: never,
  },
  {
    name: 'IRIW (amd6): stores are seen in a consistent order by other processors',
    program: [[store('x', 1)], [store('y', 1)], [load('x'), load('y')], [load('y'), load('x')]],
    outcome: '2:r0=1 2:r1=0 3:r0=1 3:r1=0',
    allowed: never,
  },
  {
    name: 'IRIW+mfences',
    program: [[store('x', 1)], [store('y', 1)], [load('x'), mfence, load('y')], [load('y'), mfence, load('x')]],
    outcome: '2:r0=1 2:r1=0 3:r0=1 3:r1=0',
    allowed: never,
  },
  {
    name: 'IRIW with locked stores (iwp2.7, amd7): locked instructions have a total order',
    program: [[xchg('x', 1)], [xchg('y', 1)], [load('x'), load('y')], [load('y'), load('x')]],
    outcome: '2:r0=1 2:r1=0 3:r0=1 3:r1=0',
    allowed: never,
  },
  {
    name: 'R',
    program: [
      [store('x', 1), store('y', 1)],
      [store('y', 2), load('x')],
    ],
    outcome: '1:r0=0 y=2',
    allowed: onlyTso,
  },
  {
    name: 'R+mfences',
    program: [
      [store('x', 1), mfence, store('y', 1)],
      [store('y', 2), mfence, load('x')],
    ],
    outcome: '1:r0=0 y=2',
    allowed: never,
  },
  {
    name: 'S',
    program: [
      [store('x', 2), store('y', 1)],
      [load('y'), store('x', 1)],
    ],
    outcome: '1:r0=1 x=2',
    allowed: never,
  },
  {
    name: '2+2W',
    program: [
      [store('x', 1), store('y', 2)],
      [store('y', 1), store('x', 2)],
    ],
    outcome: 'x=1 y=1',
    allowed: never,
  },
  {
    name: '2+2W+mfences',
    program: [
      [store('x', 1), mfence, store('y', 2)],
      [store('y', 1), mfence, store('x', 2)],
    ],
    outcome: 'x=1 y=1',
    allowed: never,
  },
  {
    name: 'n6: a load that sees its own store, while another processor overwrites that',
    program: [
      [store('x', 1), load('x'), load('y')],
      [store('y', 2), store('x', 2)],
    ],
    outcome: '0:r0=1 0:r1=0 x=1',
    allowed: onlyTso,
  },
];

const isPartOf = (outcome: string, whole: string): boolean =>
  outcome.split(' ').every((part) => whole.split(' ').includes(part));
const sorted = (outcomes: ReadonlySet<string>): string[] => [...outcomes].sort();

describe('the litmus test', () => {
  for (const { name, program, outcome, allowed } of tests) {
    describe(name, () => {
      for (const model of ['sc', 'tso'] as const) {
        it(`${allowed[model] ? 'may' : 'cannot'} end with ${outcome} under ${model}`, () => {
          const outcomes = outcomesOf(program, model);
          expect([...outcomes].some((whole) => isPartOf(outcome, whole))).toBe(allowed[model]);
          expect(sorted(outcomes)).toEqual(sorted(outcomesByAxioms(program, model)));
        });
      }

      it('ends alike with store buffers of one store and of eight as of four', () => {
        const outcomes = sorted(outcomesOf(program, 'tso'));
        for (const entries of [1, 8]) expect(sorted(outcomesOf(program, 'tso', entries))).toEqual(outcomes);
      });
    });
  }
});

const anyLocation = fc.constantFrom('x' as const, 'y' as const);
const anyInstruction: fc.Arbitrary<Instruction> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(anyLocation, fc.integer({ min: 1, max: 2 })).map(([at, value]) => store(at, value)),
  },
  { weight: 4, arbitrary: anyLocation.map(load) },
  { weight: 1, arbitrary: anyLocation.map((at) => xchg(at, 1)) },
  { weight: 1, arbitrary: fc.constant(mfence) },
);
/** The few programs of which the axioms take seconds, or hours, are left out. */
const anyProgram: fc.Arbitrary<LitmusProgram> = fc
  .array(fc.array(anyInstruction, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 })
  .filter((program) => candidatesOf(program) <= 2000);

describe('a random program of loads, stores, fences and locked instructions', () => {
  for (const model of ['sc', 'tso'] as const) {
    it(`has exactly the outcomes that the axioms of ${model} allow`, () => {
      fc.assert(
        fc.property(anyProgram, (program) => {
          expect(sorted(outcomesOf(program, model))).toEqual(sorted(outcomesByAxioms(program, model)));
        }),
        { numRuns: 40 },
      );
    });
  }
});
