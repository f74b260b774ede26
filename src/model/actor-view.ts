import { refuseModelCode } from './model-code.ts';
import { didYouMean } from './nearest-name.ts';
import { isNobody } from './tags.ts';

/** What properties see of an actor. */
export interface ViewedActor {
  readonly name: string;
  /** paths of the leaf states of its machine */
  readonly leaves: readonly string[];
  /** returns the index of the leaf that it is in */
  readonly location: { get(): number };
  /** returns its registers, which refuse to be written */
  readonly viewRegisters: () => object;
}

/**
 * Returns the test of which state an actor is in. A path names a state, and all states inside it: an actor in
 * `host.lockMmu` is in `host`, too.
 */
export function stateTest(actors: readonly ViewedActor[]): (actor: number, state: string) => boolean {
  const membersOf = actors.map(({ leaves }) => leavesByState(leaves));
  return (actor, state) => {
    const members = membersOf[actor];
    if (members === undefined || typeof actor !== 'number') return isNobody(actor, actors.length, 'inState');
    const leaves = members.get(state);
    return leaves ? leaves[actors[actor].location.get()] === 1 : refuseState(actors[actor], state, [...members.keys()]);
  };
}

/** Returns a function that gives the registers of an actor. */
export function registersView(actors: readonly ViewedActor[]): (actor: number) => object {
  const known: object[] = [];
  return (actor) => {
    const found = typeof actor === 'number' ? actors[actor] : undefined;
    if (!found) {
      return refuseModelCode('asks for the registers of no actor', `give the id of one, 0 to ${actors.length - 1}`);
    }
    const registers = known[actor] ?? found.viewRegisters();
    known[actor] = registers;
    return registers;
  };
}

/** Returns the paths of all states of a machine, outer ones included. */
export const statesOf = (leaves: readonly string[]): string[] => [...leavesByState(leaves).keys()];

/** Returns, by path of a state, which leaves are that state or lie inside it. */
function leavesByState(leaves: readonly string[]): Map<string, Uint8Array> {
  const states = new Map<string, Uint8Array>();
  for (const [index, leaf] of leaves.entries()) {
    const names = leaf.split('.');
    for (let depth = 1; depth <= names.length; depth++) {
      const path = names.slice(0, depth).join('.');
      const members = states.get(path) ?? new Uint8Array(leaves.length);
      members[index] = 1;
      states.set(path, members);
    }
  }
  return states;
}

function refuseState({ name }: ViewedActor, state: string, known: readonly string[]): never {
  return refuseModelCode(
    `asks whether ${name} is in '${state}', but its machine has no such state${didYouMean(state, known)}`,
    `its states are ${known.join(', ')}`,
  );
}
