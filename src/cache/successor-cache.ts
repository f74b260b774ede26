import { StepOutcome, type SuccessorSource } from '../compile/program.ts';
import { OwnedAccesses } from '../model/owned-accesses.ts';
import type { OwnedSets } from '../model/owned-sets.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOf } from './access-sets.ts';
import { DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { Effect, EffectCache } from './effect-cache.ts';
import { type EnabledEvents, readField } from './enabled-events.ts';
import { copyInto } from './growable-array.ts';
import { IndependenceRelation } from './independence.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { PropertyCache } from './property-cache.ts';
import { StepCoverFilter } from './step-cover-filter.ts';
import type { SymmetryGroup } from './symmetry-group.ts';

/** Events that are cached together: the spontaneous events of an actor, or the deliveries of a mailbox. */
interface EventGroup {
  /** fields that determine which of its choices have a transition */
  readonly fields: readonly BitField[];
  /** Returns the choices that have a transition in a state. */
  readonly choicesIn: (state: Int32Array) => readonly number[];
}

/**
 * A group whose choices depend on more bits than this together is not cached as a whole: it would have a list for each
 * combination of their values. Its choices are looked up one by one.
 */
const maxBitsOfGroup = 256;

/** The caches that a successor cache is built on. */
export interface SuccessorCacheParts {
  readonly state: Int32Array;
  readonly instrumented: InstrumentedProgram;
  readonly enabledEvents: EnabledEvents;
  readonly effectCache: EffectCache;
  readonly propertyCache: PropertyCache;
  /** Takes the choice of an effect. */
  readonly takeEffect: (effect: number) => StepOutcome;
}

/**
 * Caches the enabled choices of each event group: one walk through a decision tree finds all choices of a group that no
 * guard refuses, with the effect of each.
 */
export class SuccessorCache implements SuccessorSource {
  readonly choices: Int32Array;
  readonly effectOf: Int32Array;
  readonly effects: readonly Effect[];
  readonly fields: readonly BitField[];
  readonly instrumented: InstrumentedProgram;
  private readonly state: Int32Array;
  private readonly trees = new DecisionTrees();
  private readonly effectCache: EffectCache;
  private readonly propertyCache: PropertyCache;
  private readonly takeEffect: (effect: number) => StepOutcome;
  /** groups of spontaneous events, then groups of deliveries */
  private readonly groups: readonly EventGroup[];
  /** number of groups of spontaneous events */
  private readonly ownGroups: number;
  /** by group: root of its tree, whose leaves are offsets in `effectLists` */
  private readonly groupRoots: Int32Array;
  /** by mailbox: word of its pending bits, and their mask */
  private readonly pendingAt: Int32Array;
  private readonly pendingBits: Int32Array;
  /** groups that may have an enabled choice in the current state, and the roots of their trees */
  private readonly activeGroups: Int32Array;
  private readonly activeRoots: Int32Array;
  private readonly leaves = new Int32Array(4);
  /** lists of the number of choices, the id of their accesses to owned memory, and each choice with its effect */
  private effectLists = new Int32Array(initialListWords);
  private end = 0;
  private learnedLists = 0;
  /** by group: 1 if it is not cached as a whole */
  private readonly isWide: Uint8Array;
  /** by group: the actor that takes its choices */
  private readonly actorOf: Int32Array;
  private readonly ownedSets: OwnedSets;
  /** accesses to owned memory in the enumerated state */
  private readonly owned: OwnedAccesses;
  private independence: IndependenceRelation;
  private coverFilter: StepCoverFilter;
  private symmetry: SymmetryGroup | undefined;

  constructor(parts: SuccessorCacheParts) {
    const { instrumented, enabledEvents, effectCache } = parts;
    this.state = parts.state;
    this.instrumented = instrumented;
    this.effectCache = effectCache;
    this.propertyCache = parts.propertyCache;
    this.takeEffect = parts.takeEffect;
    this.effects = effectCache.effects;
    this.fields = instrumented.layout.fields;
    const { choiceIds } = effectCache;
    const { events } = instrumented.program;
    // One more, as `appendList` writes one entry of an empty list.
    this.choices = new Int32Array(choiceIds.count + 1);
    this.effectOf = new Int32Array(choiceIds.count + 1);
    this.independence = new IndependenceRelation(effectCache);
    this.coverFilter = new StepCoverFilter(instrumented);
    const choicesOf = (ids: Iterable<number>): number[] =>
      [...ids].flatMap((id) =>
        Array.from({ length: events[id]?.domain ?? 0 }, (_, payload) => choiceIds.firstOf(id) + payload),
      );
    const own = enabledEvents.spontaneousActors.map(({ location, ownEvents }): EventGroup => {
      const byLocation = ownEvents.map(choicesOf);
      return {
        fields: [location],
        choicesIn: (state) => byLocation[readField(location, state)],
      };
    });
    const posted = enabledEvents.mailboxes.map(({ pending, location, accepts, deliveries }): EventGroup => {
      const bySender = deliveries.map((id) => choicesOf([id]));
      return {
        fields: [pending, location],
        choicesIn: (state) =>
          accepts[readField(location, state)]
            ? bySender.flatMap((choices, sender) => ((readField(pending, state) >>> sender) & 1 ? choices : []))
            : [],
      };
    });
    this.pendingAt = Int32Array.from(enabledEvents.mailboxes, ({ pending }) => pending.at);
    this.pendingBits = Int32Array.from(enabledEvents.mailboxes, ({ pending }) => bitsOf(pending));
    this.ownGroups = own.length;
    this.groups = [...own, ...posted];
    const deliveries = enabledEvents.mailboxes.map(({ deliveries: [first] }) => events[first].actor);
    this.actorOf = Int32Array.from([...enabledEvents.spontaneousActors.map(({ actor }) => actor), ...deliveries]);
    this.ownedSets = effectCache.ownedSets;
    this.isWide = new Uint8Array(this.groups.length);
    this.owned = new OwnedAccesses(this.ownedSets);
    this.groupRoots = new Int32Array(this.groups.length);
    this.activeGroups = Int32Array.from(this.groups.keys());
    this.activeRoots = new Int32Array(this.groups.length + 3);
    this.newTrees();
  }

  enumerate(): number {
    const { trees, ownGroups, groupRoots, pendingAt, pendingBits, activeGroups, activeRoots, leaves, state } = this;
    let groups = ownGroups;
    for (let box = 0; box < pendingAt.length; box++) {
      if ((state[pendingAt[box]] & pendingBits[box]) === 0) continue;
      activeGroups[groups] = ownGroups + box;
      activeRoots[groups++] = groupRoots[ownGroups + box];
    }
    let n = 0;
    this.owned.clear();
    for (let first = 0; first < groups; first += 4) {
      trees.findFour(activeRoots, first, state, 0, leaves);
      const count = Math.min(4, groups - first);
      for (let g = 0; g < count; g++) {
        const group = activeGroups[first + g];
        const leaf = leaves[g] >= 0 ? leaves[g] : this.learn(group);
        if (leaf < 0) {
          n = this.appendEach(group, n);
          continue;
        }
        n = this.appendList(leaf, n);
        const owned = this.effectLists[leaf + 1];
        if (owned !== 0) this.owned.add(owned, this.actorOf[group]);
      }
    }
    return n;
  }

  hasOwnedRace(): boolean {
    return this.owned.isRace();
  }

  take(n: number): StepOutcome {
    return this.takeEffect(this.effectOf[n]);
  }

  /** Identifies symmetric states from now on. */
  useSymmetry(symmetry: SymmetryGroup): void {
    this.symmetry = symmetry;
    this.effectCache.symmetry = symmetry;
    this.propertyCache.useSymmetry(symmetry);
    this.clear();
  }

  shareReadSets(readSets: Int32Array): void {
    this.propertyCache.shareReadSets(readSets);
  }

  violatedAfter(effect: number): number {
    return this.propertyCache.violatedAfter(this.effects[effect]);
  }

  isKnownSafe(effect: number, open: readonly number[], states: Int32Array, at: number): boolean {
    return this.propertyCache.isKnownSafe(effect, this.effects[effect], open, states, at);
  }

  usesStep(cover: number): boolean {
    return this.propertyCache.usesStep(cover);
  }

  areIndependent(n: number, m: number, state: () => Int32Array): boolean {
    const { choices, effectOf } = this;
    return this.independence.areIndependent(choices[n], effectOf[n], choices[m], effectOf[m], state);
  }

  mayHitCover(n: number, covers: readonly number[]): boolean {
    const effect = this.effects[this.effectOf[n]];
    return !this.coverFilter.excludesAll(effect, covers, this.symmetry);
  }

  /** Appends the list at `leaf` to the enabled choices, of which there are `first`. Returns their new number. */
  private appendList(leaf: number, first: number): number {
    const { choices, effectOf, effectLists } = this;
    const count = effectLists[leaf];
    choices[first] = effectLists[leaf + 2];
    effectOf[first] = effectLists[leaf + 3];
    for (let n = 1; n < count; n++) {
      choices[first + n] = effectLists[leaf + 2 * n + 2];
      effectOf[first + n] = effectLists[leaf + 2 * n + 3];
    }
    return first + count;
  }

  /** Appends the enabled choices of a group that is not cached as a whole. Returns their new number. */
  private appendEach(group: number, first: number): number {
    const { choices, effectOf, effects, ownedSets } = this;
    const owned: number[] = [];
    let n = first;
    for (const choice of this.groups[group].choicesIn(this.state)) {
      const index = this.effectIn(choice);
      const { outcome, ownedAccesses } = effects[index];
      if (ownedAccesses !== 0) owned.push(...ownedSets.accessesOf(ownedAccesses));
      if (outcome === StepOutcome.refused) continue;
      choices[n] = choice;
      effectOf[n++] = index;
    }
    this.owned.add(ownedSets.idOf(owned), this.actorOf[group]);
    return n;
  }

  /** Returns the index of the effect of a choice in the current state. */
  private effectIn(choice: number): number {
    const { effectCache, state } = this;
    const known = effectCache.find(choice, state);
    return known >= 0 ? known : effectCache.learn(choice, state);
  }

  /**
   * Takes all choices of a group in the current state on the instrumented program. Returns the offset of their list; -1
   * if there is no room for it.
   */
  private learn(group: number): number {
    if (this.isWide[group] === 1) return -1;
    const { trees, state } = this;
    const { fields, choicesIn } = this.groups[group];
    const read = new Map<number, BitField>();
    const addField = (field: BitField): void => {
      if (field.width > 0 && !read.has(keyOf(field))) read.set(keyOf(field), field);
    };
    fields.forEach(addField);
    const list: number[] = [];
    const owned: number[] = [];
    for (const choice of choicesIn(state)) {
      const index = this.effectIn(choice);
      const effect = this.effects[index];
      effect.fields.forEach(addField);
      owned.push(...this.ownedSets.accessesOf(effect.ownedAccesses));
      if (effect.outcome !== StepOutcome.refused) list.push(choice, index);
    }
    const all = [...read.values()];
    const at = this.end;
    const isWide = all.reduce((bits, { width }) => bits + width, 0) > maxBitsOfGroup;
    if (isWide || !trees.insert(this.groupRoots[group], all, state, at)) {
      this.isWide[group] = 1;
      return -1;
    }
    this.learnedLists++;
    this.end += 2 + list.length;
    // Two more, as `appendList` reads one entry of an empty list.
    if (this.end + 2 > this.effectLists.length) {
      this.effectLists = copyInto(this.effectLists, new Int32Array(2 * this.end));
    }
    this.effectLists[at] = list.length / 2;
    this.effectLists[at + 1] = this.ownedSets.idOf(owned);
    this.effectLists.set(list, at + 2);
    return at;
  }

  get learned(): number {
    return this.learnedLists + this.effectCache.learned;
  }

  get isFull(): boolean {
    return this.trees.words > maxTreeWords || this.effectCache.isFull;
  }

  get bytes(): number {
    const { effectCache, propertyCache, trees, effectLists, independence, symmetry } = this;
    const ofProperties = propertyCache.bytes + (symmetry?.bytes ?? 0);
    return effectCache.bytes + ofProperties + trees.bytes + effectLists.byteLength + independence.bytes;
  }

  clear(): void {
    const { trees, effectCache } = this;
    trees.clear();
    effectCache.clear();
    this.propertyCache.clear();
    this.symmetry?.clear();
    this.isWide.fill(0);
    this.newTrees();
    this.effectLists = new Int32Array(initialListWords);
    this.end = 0;
    this.independence = new IndependenceRelation(effectCache);
    this.coverFilter = new StepCoverFilter(this.instrumented);
  }

  /** Creates an empty tree for each group. */
  private newTrees(): void {
    for (const n of this.groups.keys()) this.groupRoots[n] = this.trees.newTree();
    this.activeRoots.fill(0);
    this.activeRoots.set(this.groupRoots.subarray(0, this.ownGroups));
  }
}

const initialListWords = 1 << 12;

const keyOf = ({ at, shift }: BitField): number => 32 * at + shift;
