import { isEqual } from '../../cache/access-sets.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Choice } from '../../model/choices.ts';
import { PrecopyError } from '../../model/errors.ts';
import { type DecisionDiagrams, none } from './decision-diagrams.ts';
import { preimage, type Relation } from './relations.ts';
import type { SymbolicProgram } from './symbolic-program.ts';

/** The levels of a breadth-first search: the sets of states by their distance from the initial state. */
export interface Levels {
  readonly diagrams: DecisionDiagrams;
  readonly symbolic: SymbolicProgram;
  readonly relations: readonly Relation[];
  readonly levels: readonly number[];
}

/** Returns a shortest schedule to a state of the last level: back from level to level, by the states before. */
export function scheduleTo(state: Int32Array, program: Program, found: Levels): Choice[] {
  const { diagrams, symbolic, relations, levels } = found;
  const schedule: Choice[] = [];
  let target = state;
  for (let depth = levels.length - 2; depth >= 0; depth--) {
    const set = symbolic.setOf(diagrams, target);
    let before: number = none;
    for (const relation of relations) {
      before = diagrams.and(preimage(diagrams, set, relation), levels[depth]);
      if (before !== none) break;
    }
    if (before === none) throw notExecutable();
    const source = symbolic.packedIn(diagrams, before);
    schedule.unshift(choiceBetween(source, target, program));
    target = source;
  }
  return schedule;
}

/** Returns a choice that leads from one state to another, by the program itself. */
function choiceBetween(source: Int32Array, target: Int32Array, program: Program): Choice {
  return choiceWith(source, program, (outcome) => outcome === StepOutcome.taken && isEqual(program.state, target));
}

/** Returns a choice that is a fault in a state. The program then has the text of the fault. */
export const faultyChoice = (source: Int32Array, program: Program): Choice =>
  choiceWith(source, program, (outcome) => outcome === StepOutcome.fault);

function choiceWith(source: Int32Array, program: Program, isWanted: (outcome: StepOutcome) => boolean): Choice {
  const { state, events } = program;
  const enabled = new Int32Array(events.length);
  state.set(source);
  const count = program.enabled(enabled);
  for (let n = 0; n < count; n++) {
    const event = enabled[n];
    for (let payload = 0; payload < events[event].domain; payload++) {
      state.set(source);
      if (isWanted(program.step(event, payload))) return { event, payload };
    }
  }
  throw notExecutable();
}

const notExecutable = (): PrecopyError =>
  new PrecopyError('INTERNAL', 'a step of the symbolic search is none of the program', 'please report this');
