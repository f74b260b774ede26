import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs.ts';
import { programOf } from '../../../src/app/check/verification-job.ts';
import { allocate, UnitField } from '../../../src/search/bfs/search-memory.ts';
import { SearchWorker } from '../../../src/search/bfs/search-worker.ts';
import { partitionCount } from '../../../src/search/storage/fingerprint-set.ts';
import { createSuccessorGenerator } from '../../../src/search/successors/successor-factory.ts';

const unitsAtOnce = 32;
const [evenParts, oddParts] = [0, 1].map((odd) =>
  Array.from({ length: partitionCount / 2 }, (_, n) => 2 * n + odd),
) as [number[], number[]];

/** Goes through all states in blocks of units of one state each; how each state was found. `orderOf` says in which order units are expanded, of so many. */
function howFound(orderOf: (units: number) => readonly number[]): string[] {
  const program = programOf(rmapXchg, { vcpus: 1, pages: 1, loggingOn: 1 });
  const steps = createSuccessorGenerator(program);
  const member = new SearchWorker(
    program,
    allocate({
      words: program.state.length,
      sums: steps.hashWords,
      sleepWords: 0,
      choices: steps.choices.length,
      properties: program.properties.length,
      bytes: 1 << 24,
    }),
    steps,
  );
  const { workspace } = member;
  const { origins, frontier } = workspace;
  workspace.growRecords();
  program.reset();
  member.start();
  let states = 1;
  for (let expanded = 0; expanded < states; ) {
    const units = Array.from({ length: Math.min(unitsAtOnce, states - expanded) }, (_, unit) => unit);
    for (const unit of units) {
      workspace.firstParent[unit] = expanded + unit;
      workspace.setUnit(unit, UnitField.parents, 1);
    }
    member.begin();
    for (const unit of orderOf(units.length)) member.expand(unit);
    for (const these of [evenParts, oddParts]) member.deduplicate(units.length, these);
    for (const unit of units) {
      workspace.firstState[unit] = states;
      origins.beginUnit(expanded + unit, states);
      states += workspace.unit(unit, UnitField.found);
    }
    frontier.extend(states);
    origins.extend(states);
    for (const unit of units) member.commitNewStates(unit);
    expanded += units.length;
  }
  return Array.from({ length: states }, (_, state) => origins.pathTo(state).join(' '));
}

describe('a thread', () => {
  const inOrder = howFound((units) => Array.from({ length: units }, (_, unit) => unit));

  it('finds the same states in the same way in whatever order it takes units', () => {
    expect(inOrder).toHaveLength(1_090);
    expect(howFound((units) => Array.from({ length: units }, (_, unit) => units - 1 - unit))).toEqual(inOrder);
  });
});
