import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countStates, estimateStates } from '../../../src/search/symbolic/count-states.ts';
import { all, DecisionDiagrams, none, OutOfNodes } from '../../../src/search/symbolic/decision-diagrams.ts';

const variables = 4;
const assignments = 1 << variables;
const everything = 2 ** assignments - 1;

/** A truth table: bit `n` is the value where variable `v` has bit `v` of `n`. */
const table = fc.integer({ min: 0, max: everything });

/** Returns the diagram of a truth table. */
function diagramOf(diagrams: DecisionDiagrams, truth: number): number {
  const from = (variable: number, assignment: number): number => {
    if (variable === variables) return (truth >>> assignment) & 1;
    const low = from(variable + 1, assignment);
    return diagrams.node(2 * variable, low, from(variable + 1, assignment | (1 << variable)));
  };
  return from(0, 0);
}

/** Returns the truth table of a diagram. */
function tableOf({ level, low, high }: DecisionDiagrams, diagram: number): number {
  let truth = 0;
  for (let assignment = 0; assignment < assignments; assignment++) {
    let node = diagram;
    while (node > all) node = ((assignment >>> ((level[node] as number) >> 1)) & 1 ? high : low)[node] as number;
    truth |= node << assignment;
  }
  return truth >>> 0;
}

const bits = (truth: number): number => [...truth.toString(2)].filter((digit) => digit === '1').length;

describe('decision diagrams', () => {
  it('are one node for one function, however it is made', () => {
    fc.assert(
      fc.property(table, table, (one, other) => {
        const diagrams = new DecisionDiagrams(1 << 12);
        const [a, b] = [diagramOf(diagrams, one), diagramOf(diagrams, other)];
        expect(diagrams.and(a, b)).toBe(diagramOf(diagrams, one & other));
        expect(diagrams.or(a, b)).toBe(diagramOf(diagrams, one | other));
        expect(diagrams.difference(a, b)).toBe(diagramOf(diagrams, one & ~other));
        expect(diagrams.not(a)).toBe(diagramOf(diagrams, ~one & everything));
        expect(diagrams.equal(a, b)).toBe(diagramOf(diagrams, ~(one ^ other) & everything));
        expect(diagrams.implies(a, b)).toBe((one & ~other) === 0);
        expect(tableOf(diagrams, a)).toBe(one);
      }),
    );
  });

  it('count their states exactly', () => {
    fc.assert(
      fc.property(table, (truth) => {
        const diagrams = new DecisionDiagrams(1 << 12);
        const diagram = diagramOf(diagrams, truth);
        expect(countStates(diagrams, diagram, variables)).toBe(BigInt(bits(truth)));
        expect(estimateStates(diagrams, diagram, variables).states).toBe(bits(truth));
      }),
    );
  });

  it('count more states than a number holds', () => {
    const diagrams = new DecisionDiagrams(1 << 12);
    const some = diagrams.or(diagrams.variable(0), diagrams.variable(198));
    expect(countStates(diagrams, some, 100)).toBe(3n * 2n ** 98n);
  });

  it('find a state of a set', () => {
    fc.assert(
      fc.property(table, (set) => {
        fc.pre(set !== 0);
        const diagrams = new DecisionDiagrams(1 << 12);
        let found = 0;
        diagrams.pick(diagramOf(diagrams, set), (level, value) => {
          found |= value << (level >> 1);
        });
        expect((set >>> found) & 1).toBe(1);
      }),
    );
  });

  it('stay what they are when others are freed', () => {
    fc.assert(
      fc.property(fc.array(table, { minLength: 2, maxLength: 8 }), (tables) => {
        const diagrams = new DecisionDiagrams(1 << 12);
        const made = tables.map((truth) => diagramOf(diagrams, truth));
        for (const [n, one] of made.entries()) diagrams.and(one, made[(n + 1) % made.length] as number);
        const [kept] = made as [number];
        diagrams.collect([kept]);
        expect(diagrams.nodes).toBe(2 + diagrams.size(kept));
        // Freed nodes are used again, and cached results are still right.
        for (const truth of tables) expect(tableOf(diagrams, diagramOf(diagrams, truth))).toBe(truth);
        const [first, second] = tables as [number, number];
        expect(tableOf(diagrams, diagrams.and(kept, diagramOf(diagrams, second)))).toBe((first & second) >>> 0);
      }),
    );
  });

  it('stay what they are when the table grows', () => {
    const diagrams = new DecisionDiagrams(1 << 17);
    const parity = (count: number): number => {
      let [even, odd]: number[] = [all, none];
      for (let variable = count - 1; variable >= 0; variable--) {
        [even, odd] = [
          diagrams.node(variable, even as number, odd as number),
          diagrams.node(variable, odd as number, even as number),
        ];
      }
      return even as number;
    };
    const before = parity(20);
    let sum: number = none;
    for (let n = 0; n < 20_000; n++) sum = diagrams.node(30 + (n % 3000), n % 7 === 0 ? none : sum, all);
    expect(diagrams.nodes).toBeGreaterThan(1 << 14);
    expect(parity(20)).toBe(before);
  });

  it('refuse more nodes than they have memory for', () => {
    const diagrams = new DecisionDiagrams(8);
    expect(() => diagramOf(diagrams, 0b0110_1001_1001_0110)).toThrow(OutOfNodes);
  });
});
