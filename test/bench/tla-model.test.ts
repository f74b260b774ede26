import { describe, expect, it } from 'vitest';
import { checkTla } from '../../bench/tla-checker.ts';
import { tlaModel, tlcConfig } from '../../bench/tla-model.ts';
import { rmapXchg } from '../../machines/designs/index.ts';
import { explore } from '../support/explore.ts';
import { nightly } from '../support/nightly.ts';

const smallest = { vcpus: 1, pages: 1, emulating: 1 };
const scenarios = nightly([
  { vcpus: 1, pages: 2, emulating: 1 },
  { vcpus: 2, pages: 1, emulating: 0 },
  { vcpus: 2, pages: 1, emulating: 1 },
]);

/** The machines at a scenario. */
const explored = ({ vcpus, pages, emulating }: typeof smallest) =>
  explore(rmapXchg, { vcpus, pages, emulatingVcpus: emulating, loggingOn: 1 });

describe('the model in TLA+', () => {
  it('has the states and transitions of the machines', () => {
    const { states, graph } = checkTla(tlaModel, tlcConfig(smallest), { graph: true });
    const steps = graph.match(/ -> \w+ \[label="(?!Rest")/g)?.length ?? 0;
    const beginning = 1;
    expect(explored(smallest)).toMatchObject({ states, transitions: beginning + steps });
  });

  it.each(scenarios)('has their states at %o', (scenario) => {
    expect(checkTla(tlaModel, tlcConfig(scenario)).states).toBe(explored(scenario).states);
  });

  const flush = ["tlb' = IF v \\in tlbFlushRequest THEN [tlb EXCEPT ![v] = {}] ELSE tlb", "tlb' = tlb"] as const;
  const broken = [
    ['NoLostWrite', 'no flush', ...flush],
    ...nightly([
      ['FinalImage', 'no flush', ...flush],
      ['SnapshotIsComplete', 'no flush', ...flush],
      ['ProtectedOnReturn', 'no flush', ...flush],
      ['LoggedOrProtected', 'no write protection', 'spteWritable \\ {LowestBit}', 'spteWritable'],
      ['AtomicBitmap', 'a word that is not cleared', "dirtyBitmap' = {}", "dirtyBitmap' = dirtyBitmap"],
      ['MutualExclusion', 'a lock that is always free', 'IF holder = Nobody THEN', 'IF TRUE THEN'],
    ] as const),
  ] as const;
  it.each(broken)('breaks %s with %s', (invariant, _, step, wrong) => {
    const model = tlaModel.replaceAll(step, wrong);
    expect(model).not.toBe(tlaModel);
    const alone = tlcConfig(smallest).replace(/INVARIANTS .*/, `INVARIANTS ${invariant} NoDeadlock`);
    expect(() => checkTla(model, alone)).toThrow('InvariantViolation');
  });

  it('has a deadlock with a step left out', () => {
    const model = tlaModel.replace(' \\/ XchgWord', '');
    expect(model).not.toBe(tlaModel);
    expect(() => checkTla(model, tlcConfig(smallest))).toThrow('Deadlock');
  });
});
