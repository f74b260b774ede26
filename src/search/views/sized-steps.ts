import { intersects, union } from '../../cache/access-sets.ts';
import type { Effect } from '../../cache/effect-cache.ts';
import { StepOutcome } from '../../compile/program.ts';
import { OwnedAccesses } from '../../model/owned-accesses.ts';
import type { Projection } from './projection.ts';
import { refuse } from './refusal.ts';
import { notOne } from './sized-program.ts';

/** Number of slots that are in view: what the others do is seen by configurations in which they are in view. */
export const inView = 2;

/** What an effect changes of the views of a configuration, and whether it depends on what is not in view. */
export interface EffectUse {
  readonly changesWhole: boolean;
  readonly changesBlock: readonly boolean[];
  /** whether it read anything of an unseen process, or an id or a queue */
  readonly forks: boolean;
  readonly readsIds: boolean;
}

/** The steps of configurations of one size: states of two processes in view and some unseen ones. */
export class SizedSteps {
  /** choices that are taken: those that are not about an unseen process */
  private readonly isTaken: Uint8Array;
  private readonly isAboutTwo: Uint8Array;
  private readonly events: Int32Array;
  private readonly uses: EffectUse[] = [];
  /** bits of all unseen blocks, and of ids */
  private readonly unseenBits: Int32Array;
  private readonly owned: OwnedAccesses;

  constructor(readonly projection: Projection) {
    const { sized, blockBits, idBits } = projection;
    const { choiceIds } = sized.effects;
    const slots = Array.from({ length: choiceIds.count }, (_, choice) => sized.slotOfChoice(choice));
    this.isTaken = Uint8Array.from(slots, (slot) => (slot < inView ? 1 : 0));
    this.isAboutTwo = Uint8Array.from(slots, (slot) => (slot === notOne ? 1 : 0));
    this.events = new Int32Array(sized.program.events.length + 1);
    this.unseenBits = blockBits.slice(inView).reduce(union, idBits);
    this.owned = new OwnedAccesses(sized.effects.ownedSets);
  }

  get unseen(): number {
    return this.projection.sized.slots - inView;
  }

  /** Calls a function with each choice of a state that has a transition, and its effect. */
  forEach(state: Int32Array, visit: (choice: number, effect: Effect, index: number) => void, unseen = false): void {
    const { effects, enabledEvents, program } = this.projection.sized;
    const { events, isTaken } = this;
    const count = enabledEvents.write(state, events);
    for (let n = 0; n < count; n++) {
      const first = effects.choiceIds.firstOf(events[n]);
      const { domain } = program.events[events[n]];
      for (let choice = first; choice < first + domain; choice++) {
        if (isTaken[choice] === 1 || unseen) visit(choice, ...this.effectOf(choice, state));
      }
    }
  }

  /** Returns the effect of a choice in a state, and its index. */
  effectOf(choice: number, state: Int32Array): [Effect, number] {
    const { effects, program } = this.projection.sized;
    const found = effects.find(choice, state);
    const index = found >= 0 ? found : effects.learn(choice, state);
    const effect = effects.effects[index];
    if (this.isAboutTwo[choice] === 1 && effect.outcome !== StepOutcome.refused) {
      const { event } = effects.choiceIds.choiceOf(choice);
      throw refuse(program.design.id, `'${program.events[event].type}' is about two of them`);
    }
    return [effect, index];
  }

  /** Returns what an effect changes. */
  useOf(effect: Effect, index: number): EffectUse {
    const known = this.uses[index];
    if (known) return known;
    const { wholeBits, blockBits, idBits } = this.projection;
    const { flippedBits, bitsRead } = effect;
    const ids = intersects(flippedBits, idBits);
    const use = {
      changesWhole: ids || intersects(flippedBits, wholeBits),
      changesBlock: blockBits.slice(0, inView).map((bits) => ids || intersects(flippedBits, bits)),
      forks: intersects(bitsRead, this.unseenBits),
      readsIds: intersects(bitsRead, idBits),
    };
    this.uses[index] = use;
    return use;
  }

  /** Returns whether choices of two actors access one cell of owned memory, one of them to write. */
  isRace(accesses: readonly (readonly [number, number])[]): boolean {
    const { program, effects } = this.projection.sized;
    this.owned.clear();
    for (const [set, choice] of accesses) {
      this.owned.add(set, program.events[effects.choiceIds.choiceOf(choice).event].actor);
    }
    return this.owned.isRace();
  }

  /** Returns whether any process can take a step in a state, unseen ones included. */
  canMove(state: Int32Array): boolean {
    let canMove = false;
    this.forEach(
      state,
      (_, { outcome }) => {
        if (outcome !== StepOutcome.refused) canMove = true;
      },
      true,
    );
    return canMove;
  }
}
