import { StepOutcome } from '../compile/program.ts';
import { ChoiceIds } from '../model/choices.ts';
import type { GuardProbe } from './guard-probe.ts';
import type { Commuting } from './messages.ts';
import { shownCells } from './model-info.ts';

/**
 * Returns which enabled choices commute with one in the current state: neither disables the other, and both orders lead
 * to one state. It is found out by taking both orders.
 */
export function commutingWith(probe: GuardProbe, choice: number): Commuting[] {
  const { program } = probe;
  const ids = new ChoiceIds(program.events);
  const before = Int32Array.from(program.state);
  const take = (id: number): StepOutcome => {
    const { event, payload } = ids.choiceOf(id);
    return program.step(event, payload);
  };
  const isPending = (id: number): boolean =>
    probe.isPending(program.events[ids.choiceOf(id).event] as (typeof program.events)[number]);
  /** Returns the state after two choices, or what the first does to the second. */
  const inOrder = (first: number, second: number): Int32Array | 'disables it' | 'is a fault' => {
    program.state.set(before);
    if (take(first) === StepOutcome.fault) return 'is a fault';
    const outcome = isPending(second) ? take(second) : StepOutcome.refused;
    if (outcome === StepOutcome.refused) return 'disables it';
    return outcome === StepOutcome.fault ? 'is a fault' : Int32Array.from(program.state);
  };
  const answers: Commuting[] = [];
  for (let other = 0; other < ids.count; other++) {
    program.state.set(before);
    if (other === choice || !isPending(other) || take(other) === StepOutcome.refused) continue;
    const [one, two] = [inOrder(choice, other), inOrder(other, choice)];
    const because = [
      ...(typeof one === 'string' ? [`the first ${one}`] : []),
      ...(typeof two === 'string' ? [`it ${two.replace('disables it', 'disables the first')}`] : []),
      ...(typeof one === 'string' || typeof two === 'string' ? [] : differences(program, one, two)),
    ];
    answers.push({ choice: other, commutes: because.length === 0, because });
  }
  program.state.set(before);
  return answers;
}

/** Returns the paths of the cells, and the names of the actors' states, in which two states differ. */
function differences({ instance, state }: GuardProbe['program'], one: Int32Array, two: Int32Array): string[] {
  if (one.every((word, n) => word === two[n])) return [];
  const texts = (words: Int32Array): ReadonlyMap<string, string> => {
    state.set(words);
    return new Map([
      ...shownCells(instance).map(({ plain }): [string, string] => [plain.name, plain.show()]),
      ...instance.actors.map(({ name, location }): [string, string] => [`state of ${name}`, location.show()]),
    ]);
  };
  const [left, right] = [texts(one), texts(two)];
  const named = [...left].flatMap(([name, text]) => (right.get(name) === text ? [] : [name]));
  return named.length > 0 ? named : ['pending messages'];
}
