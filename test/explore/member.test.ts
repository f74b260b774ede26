import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs.ts';
import { programOf } from '../../src/cli/run.ts';
import { Member } from '../../src/explore/member.ts';
import { parts } from '../../src/explore/seen.ts';
import { stepsOf } from '../../src/explore/steps-of.ts';
import { reserveAll, Unit } from '../../src/explore/workspace.ts';

const unitsAtOnce = 32;
const [evenParts, oddParts] = [0, 1].map((odd) => Array.from({ length: parts / 2 }, (_, n) => 2 * n + odd)) as [
  number[],
  number[],
];

/** Goes through all states in blocks of units of one state each; how each state was found. `orderOf` says in which order units are expanded, of so many. */
function howFound(orderOf: (units: number) => readonly number[]): string[] {
  const program = programOf(rmapXchg, { vcpus: 1, pages: 1, loggingOn: 1 });
  const steps = stepsOf(program);
  const member = new Member(
    program,
    reserveAll({
      words: program.state.length,
      sums: steps.sums,
      sleepWords: 0,
      choices: steps.choices.length,
      properties: program.properties.length,
      bytes: 1 << 24,
    }),
    steps,
  );
  const { workspace } = member;
  const { origins, frontier } = workspace;
  workspace.makeRoomForBlocks();
  program.reset();
  member.start();
  let states = 1;
  for (let expanded = 0; expanded < states; ) {
    const units = Array.from({ length: Math.min(unitsAtOnce, states - expanded) }, (_, unit) => unit);
    for (const unit of units) {
      workspace.firstParent[unit] = expanded + unit;
      workspace.setUnit(unit, Unit.parents, 1);
    }
    member.begin();
    for (const unit of orderOf(units.length)) member.expand(unit);
    for (const these of [evenParts, oddParts]) member.lookUp(units.length, these);
    for (const unit of units) {
      workspace.firstState[unit] = states;
      origins.begin(expanded + unit, states);
      states += workspace.unit(unit, Unit.found);
    }
    frontier.extend(states);
    origins.extend(states);
    for (const unit of units) member.gather(unit);
    expanded += units.length;
  }
  return Array.from({ length: states }, (_, state) => origins.choicesTo(state).join(' '));
}

describe('a thread', () => {
  const inOrder = howFound((units) => Array.from({ length: units }, (_, unit) => unit));

  it('finds the same states in the same way in whatever order it takes units', () => {
    expect(inOrder).toHaveLength(1_090);
    expect(howFound((units) => Array.from({ length: units }, (_, unit) => units - 1 - unit))).toEqual(inOrder);
  });
});
