import type { Slot } from '../model/memory.ts';
import type { StepSeen } from '../model/property.ts';
import { ChoiceNumbers } from '../model/schedule.ts';
import { Commuting } from './commuting.ts';
import { type DecisionTrees, enoughWords } from './decision-trees.ts';
import type { Effect, Effects } from './effects.ts';
import { type EnabledEvents, type Place, valueIn } from './enabled.ts';
import { NeverShown } from './never-shown.ts';
import type { Predicates } from './predicates.ts';
import type { Program } from './program.ts';
import { Step, type StepOutcome } from './step.ts';
import type { Twin } from './twin.ts';

/** All that can happen in the current state of a program, looked at together. */
export interface Successors {
  /** what can be taken, by number, in the order of `enabled`: as many as `look` said */
  readonly choices: Int32Array;
  /** Looks at the current state; how much can be taken in it. A guard may still refuse one, or a payload. */
  look(): number;
  /** Takes the nth; the state that was looked at has to be current. */
  take(n: number): StepOutcome;
  /** Whether the nth and the mth can be taken one after the other in both orders, and lead to the same state; where it cannot tell, it says no. */
  commute(n: number, m: number, state: Int32Array): boolean;
  /** Whether the nth may show one of some covers that look at steps. */
  mayShow(n: number, covers: readonly number[]): boolean;
  /** The nth as covers see it; undefined where that is not known before it is taken. */
  seen(n: number): StepSeen | undefined;
  /** The number of a choice in the state that the last step led to, where it may have another one there. */
  named(choice: number): number;
}

/** Asks a program for one event after the other. */
export class PlainSuccessors implements Successors {
  readonly choices: Int32Array;
  private readonly events: Int32Array;
  private readonly payloads: Int32Array;
  private readonly enabled: Int32Array;
  private readonly domains: Int32Array;
  private readonly firstOf: Int32Array;

  constructor(private readonly program: Pick<Program, 'events' | 'enabled' | 'step'>) {
    const { events } = program;
    const numbers = new ChoiceNumbers(events);
    this.choices = new Int32Array(numbers.count);
    this.events = new Int32Array(numbers.count);
    this.payloads = new Int32Array(numbers.count);
    this.enabled = new Int32Array(events.length);
    this.domains = Int32Array.from(events, ({ domain }) => domain);
    this.firstOf = Int32Array.from(events, ({ id }) => numbers.firstOf(id));
  }

  look(): number {
    const { choices, events, payloads, enabled, domains, firstOf } = this;
    const count = this.program.enabled(enabled);
    let n = 0;
    for (let e = 0; e < count; e++) {
      const event = enabled[e] as number;
      const domain = domains[event] as number;
      for (let payload = 0; payload < domain; payload++) {
        events[n] = event;
        payloads[n] = payload;
        choices[n++] = (firstOf[event] as number) + payload;
      }
    }
    return n;
  }

  take(n: number): StepOutcome {
    return this.program.step(this.events[n] as number, this.payloads[n] as number);
  }

  commute(): boolean {
    return false;
  }

  mayShow(): boolean {
    return true;
  }

  seen(): undefined {
    return undefined;
  }

  named(choice: number): number {
    return choice;
  }
}

/** Events that an actor offers together: its own, or the deliveries of one mailbox. */
interface Group {
  /** what decides which they are */
  readonly slots: readonly Slot[];
  readonly choicesIn: (state: Int32Array) => readonly number[];
  root: number;
}

/**
 * Remembers what an actor can do as a whole: one walk through a decision tree tells all of its choices that no guard refuses, and the effect
 * of each.
 */
export class RememberedSuccessors implements Successors {
  readonly choices: Int32Array;
  /** by place, as `choices`: the number of the effect that it has */
  readonly effectOf: Int32Array;
  private readonly own: readonly Group[];
  private readonly posted: readonly (Group & { readonly pending: Place })[];
  /** by leaf of a tree: how many choices there are, and each with its effect */
  private lists = new Int32Array(1 << 12);
  private end = 0;
  private commuting: Commuting;
  private readonly neverShown: NeverShown;

  /** @param take takes a choice whose effect is known */
  constructor(
    private readonly state: Int32Array,
    private readonly twin: Twin,
    private readonly enabled: EnabledEvents,
    private readonly trees: DecisionTrees,
    readonly effects: Effects,
    readonly predicates: Predicates,
    private readonly takeEffect: (effect: number) => StepOutcome,
  ) {
    const { numbers } = effects;
    const { events } = twin.program;
    this.choices = new Int32Array(numbers.count);
    this.effectOf = new Int32Array(numbers.count);
    this.commuting = new Commuting(effects);
    this.neverShown = new NeverShown(twin);
    const choicesOf = (ids: Iterable<number>): number[] =>
      [...ids].flatMap((id) =>
        Array.from({ length: events[id]?.domain ?? 0 }, (_, payload) => numbers.firstOf(id) + payload),
      );
    this.own = enabled.initiators.map(({ location, own }) => {
      const byLocation = own.map(choicesOf);
      return {
        slots: [location],
        root: trees.plant(),
        choicesIn: (here) => byLocation[valueIn(location, here)] as number[],
      };
    });
    this.posted = enabled.mailboxes.map(({ pending, location, accepts, deliveries }) => {
      const byBit = deliveries.map((id) => choicesOf([id]));
      return {
        slots: [pending, location],
        root: trees.plant(),
        choicesIn: (here) =>
          accepts[valueIn(location, here)]
            ? byBit.flatMap((choices, bit) => ((valueIn(pending, here) >>> bit) & 1 ? choices : []))
            : [],
        pending,
      };
    });
  }

  look(): number {
    const { own, posted, state } = this;
    let n = 0;
    for (let g = 0; g < own.length; g++) n = this.add(own[g] as Group, n);
    if (!this.enabled.someWait(state)) return n;
    for (let g = 0; g < posted.length; g++) {
      const box = posted[g] as (typeof posted)[0];
      if (valueIn(box.pending, state) !== 0) n = this.add(box, n);
    }
    return n;
  }

  take(n: number): StepOutcome {
    return this.takeEffect(this.effectOf[n] as number);
  }

  /** The fields of a state. */
  get fields(): readonly Slot[] {
    return this.twin.layout.fields;
  }

  /** Index in `properties` of the first invariant that the current state breaks, which an effect led to from a state that breaks none, or -1. */
  violatedAfter(number: number): number {
    const effect = this.effects.all[number] as Effect;
    return this.predicates.violatedAfter(number, effect, effect.seen);
  }

  commute(n: number, m: number, state: Int32Array): boolean {
    const { choices, effectOf } = this;
    return this.commuting.has(
      choices[n] as number,
      effectOf[n] as number,
      choices[m] as number,
      effectOf[m] as number,
      state,
    );
  }

  mayShow(n: number, covers: readonly number[]): boolean {
    return !this.neverShown.has(this.seen(n), covers);
  }

  seen(n: number): StepSeen {
    return (this.effects.all[this.effectOf[n] as number] as Effect).seen;
  }

  named(choice: number): number {
    return choice;
  }

  private add(group: Group, first: number): number {
    const { choices, effectOf } = this;
    let at = this.trees.find(group.root, this.state);
    if (at < 0) at = this.learn(group);
    const { lists } = this;
    const count = lists[at++] as number;
    let n = first;
    for (const end = n + count; n < end; n++) {
      choices[n] = lists[at++] as number;
      effectOf[n] = lists[at++] as number;
    }
    return n;
  }

  private learn({ slots, choicesIn, root }: Group): number {
    const { effects, trees, state } = this;
    const read = new Map<number, Slot>();
    const note = (slot: Slot): void => {
      if (slot.width > 0 && !read.has(keyOf(slot))) read.set(keyOf(slot), slot);
    };
    slots.forEach(note);
    const list: number[] = [];
    for (const choice of choicesIn(state)) {
      const known = effects.find(choice, state);
      const number = known >= 0 ? known : effects.learn(choice, state);
      const effect = effects.all[number] as Effect;
      effect.fields.forEach(note);
      if (effect.outcome !== Step.refused) list.push(choice, number);
    }
    const at = this.end;
    this.end += 1 + list.length;
    if (this.end > this.lists.length) {
      const larger = new Int32Array(2 * this.end);
      larger.set(this.lists);
      this.lists = larger;
    }
    this.lists[at] = list.length / 2;
    this.lists.set(list, at + 1);
    trees.learn(root, [...read.values()], state, at);
    return at;
  }

  /** Forgets everything where that is much, and says so: what is needed is learned anew, with other numbers of effects. */
  tidy(): boolean {
    if (this.trees.words <= enoughWords) return false;
    const { trees, effects, own, posted } = this;
    trees.clear();
    effects.forget();
    this.predicates.forgetEffects();
    for (const group of [...own, ...posted]) group.root = trees.plant();
    this.end = 0;
    this.commuting = new Commuting(effects);
    return true;
  }
}

const keyOf = ({ at, shift }: Slot): number => 32 * at + shift;
