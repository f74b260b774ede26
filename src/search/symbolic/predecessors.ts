import { isEqual } from '../../cache/access-sets.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Choice } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import { type DecisionDiagrams, none } from './decision-diagrams.ts';
import { preimage, type Relation } from './relations.ts';
import type { SymbolicProgram } from './symbolic-program.ts';

/** The diagrams in which a step is looked for. */
export interface StepSource {
  readonly diagrams: DecisionDiagrams;
  readonly symbolic: SymbolicProgram;
  readonly relations: readonly Relation[];
}

/** The levels of a breadth-first search: the sets of states by their distance from the initial state. */
export interface Levels extends StepSource {
  readonly levels: readonly number[];
}

/** A step to a state that is known. */
interface StepTo {
  readonly source: Int32Array;
  readonly choice: Choice;
}

type ChoiceTest = (choice: Choice) => boolean;
const any: ChoiceTest = () => true;

/** Returns a shortest schedule to a state of the last level: back from level to level, by the states before. */
export function scheduleTo(state: Int32Array, program: Program, found: Levels, isAllowed = any): Choice[] {
  const schedule: Choice[] = [];
  let target = state;
  for (const level of found.levels.slice(0, -1).toReversed()) {
    const { source, choice } = stepTo(target, level, program, found, isAllowed) ?? notExecutable();
    schedule.unshift(choice);
    target = source;
  }
  return schedule;
}

/** Returns a step from one of some states to a state; undefined if the relations have none. */
export function stepTo(
  target: Int32Array,
  sources: number,
  program: Program,
  { diagrams, symbolic, relations }: StepSource,
  isAllowed = any,
): StepTo | undefined {
  const set = symbolic.setOf(diagrams, target);
  for (const relation of relations) {
    const before = diagrams.and(preimage(diagrams, set, relation), sources);
    if (before === none) continue;
    const source = symbolic.packedIn(diagrams, before);
    return { source, choice: choiceBetween(source, target, program, isAllowed) };
  }
  return undefined;
}

/** Returns a choice that leads from one state to another, by the program itself. */
export function choiceBetween(source: Int32Array, target: Int32Array, program: Program, isAllowed = any): Choice {
  return choiceWith(
    source,
    program,
    (outcome, choice) => outcome === StepOutcome.taken && isEqual(program.state, target) && isAllowed(choice),
  );
}

/** Returns a choice that is a fault in a state. The program then has the text of the fault. */
export const faultyChoice = (source: Int32Array, program: Program): Choice =>
  choiceWith(source, program, (outcome) => outcome === StepOutcome.fault);

function choiceWith(
  source: Int32Array,
  program: Program,
  isWanted: (outcome: StepOutcome, choice: Choice) => boolean,
): Choice {
  const { state, events } = program;
  const enabled = new Int32Array(events.length);
  state.set(source);
  const count = program.enabled(enabled);
  for (let n = 0; n < count; n++) {
    const event = enabled[n];
    for (let payload = 0; payload < events[event].domain; payload++) {
      state.set(source);
      const choice = { event, payload };
      if (isWanted(program.step(event, payload), choice)) return choice;
    }
  }
  return notExecutable();
}

/** @throws PrecopyError `INTERNAL` */
function notExecutable(): never {
  const cause = 'a step of the symbolic search is none of the program';
  throw new PrecopyError('INTERNAL', cause, 'please report this');
}
