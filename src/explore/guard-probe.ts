import type { AnyStateNode } from 'xstate';
import { compile } from '../compile/compile.ts';
import { type DispatchSource, tableDispatch } from '../compile/dispatch.ts';
import { isHeld } from '../compile/guards.ts';
import type { Interpreter } from '../compile/interpreter.ts';
import type { FlatTransition } from '../compile/transition-tables.ts';
import type { Access } from '../model/access-recording.ts';
import type { AnyDesign } from '../model/design.ts';
import { ModelFault } from '../model/errors.ts';
import type { SystemEvent } from '../model/events.ts';
import { guardText } from '../model/guard-text.ts';
import { modelCode } from '../model/model-code.ts';
import { pathOf } from '../model/statechart.ts';
import type { Refusal } from './messages.ts';

/** A program whose guards can be asked, one by one, what they answer and what they read. */
export class GuardProbe {
  readonly program: Interpreter;
  private readonly sources: DispatchSource[] = [];
  private accesses: Access[] = [];

  /** @throws PrecopyError as `compile` */
  constructor(design: AnyDesign, params: Readonly<Record<string, number>>) {
    this.program = compile(design, params, {
      record: (access) => this.accesses.push(access),
      dispatch: (source) => {
        this.sources.push(source);
        return tableDispatch(source);
      },
    });
    this.program.reset();
  }

  /** Returns whether a message to deliver, or a store to drain, is there. An event of an actor itself always is. */
  isPending({ actor, type, from, isDrain }: SystemEvent): boolean {
    const { actors, storeBuffers } = this.program.instance;
    if (isDrain) return storeBuffers[actor]?.isEmpty() === false;
    return from === undefined || actors[actor]?.mailbox[type]?.has(from) === true;
  }

  /** Returns why the guards refuse an event in the current state. The list is empty if they do not. */
  refusalsOf(event: number, payload: number): Refusal[] {
    const { events, instance } = this.program;
    const { actor, type, from } = events[event] as (typeof events)[number];
    const source = this.sources.find((one) => one.actor.id === actor && one.event.type === type);
    const leaf = instance.actors[actor]?.location.get() ?? 0;
    const candidates = source?.candidates[leaf] ?? [];
    if (source === undefined || candidates.length === 0) return [{ reads: [] }];
    if (source.payload !== undefined) source.event[source.payload] = from ?? payload;
    const refusals: Refusal[] = [];
    for (const candidate of candidates) {
      const refusal = this.ask(candidate, source);
      if (refusal === undefined) return [];
      refusals.push(refusal);
    }
    return refusals;
  }

  /** Asks the guard of a transition. Returns undefined if it does not refuse, or faults, which the step would show. */
  private ask(candidate: FlatTransition, { actor, event }: DispatchSource): Refusal | undefined {
    if (candidate.guard === undefined) return undefined;
    this.accesses = [];
    this.program.instance.accesses.begin(actor.id);
    try {
      if (isHeld(candidate.guard, { context: actor.guardContext, event })) return undefined;
    } catch (error) {
      if (error instanceof ModelFault) return undefined;
      throw error;
    } finally {
      modelCode.running = 0;
    }
    const reads = new Map(this.accesses.map(({ cell, before }) => [cell, before]));
    return {
      guard: this.guardOf(candidate, actor.machine.statechart.root as AnyStateNode),
      reads: [...reads].map(([path, value]) => ({ path, value })),
    };
  }

  private guardOf({ id, machine }: FlatTransition, root: AnyStateNode): string {
    const own = this.program.transitions.filter((one) => one.machine === machine);
    const info = own[id];
    const find = (node: AnyStateNode): AnyStateNode | undefined =>
      pathOf(node) === info?.source ? node : (Object.values(node.states) as AnyStateNode[]).map(find).find(Boolean);
    const definition = find(root)?.transitions.get(info?.event ?? '')?.[info?.index ?? 0];
    return definition?.guard === undefined ? '?' : guardText(definition.guard);
  }
}
