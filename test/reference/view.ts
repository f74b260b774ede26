import type { Expression, PropertySpecification } from './specification.ts';
import { evaluate } from './step.ts';
import type { State, System } from './system.ts';
import { operate } from './values.ts';

/** The step that led to a state, as covers see it. */
export interface TakenStep {
  readonly actor: number;
  readonly actions: readonly string[];
  readonly payload: number;
}

/** Returns whether an expression of a property holds in a state. Properties see memory without the stores that wait. */
export function holdsIn(
  system: System,
  state: State,
  what: Expression,
  { theActor = -1, step }: { readonly theActor?: number; readonly step?: TakenStep } = {},
): boolean {
  const value = (expression: Expression): number =>
    evaluate(expression, {
      leaf: (leaf) => {
        if ('tagged' in leaf) return Number(hasTag(system, state, value(leaf.actor), leaf.tagged));
        if ('tagCount' in leaf) {
          return state.at.filter((_, actor) => hasTag(system, state, actor, leaf.tagCount)).length;
        }
        if ('posted' in leaf) {
          const start = `${value(leaf.actor)} ${leaf.posted} `;
          return Number(state.mail.some((letter) => letter.startsWith(start)));
        }
        if ('drained' in leaf) return Number(state.buffers.every(({ length }) => length === 0));
        if ('the' in leaf) return theActor;
        if ('id' in leaf && leaf.id === 'nobody') return system.actors.length;
        if ('step' in leaf) return step?.[leaf.step] as number;
        if ('ran' in leaf) return Number(step?.actions.includes(leaf.ran));
        throw new Error(`no expression of a property: ${JSON.stringify(leaf)}`);
      },
      actorOf: (role, nth) => system.actorOf(role, nth),
      call: (on, operation, args) => {
        const cell = system.find(on, -1, value);
        const given = args.map((arg) => {
          if ('value' in arg) return value(arg.value);
          return { value: state.cells[system.find(arg.cell, -1, value)] as never };
        });
        const { type } = system.cells[cell] as System['cells'][number];
        return operate(type, state.cells[cell] as never, operation, given).result;
      },
    });
  return value(what) !== 0;
}

const hasTag = (system: System, state: State, actor: number, tag: string): boolean =>
  system.actors[actor]?.chart.tagsOf(state.at[actor] as string).includes(tag) === true;

/** Returns whether a property speaks of steps rather than of states. */
export const speaksOfSteps = (property: PropertySpecification): boolean =>
  property.kind === 'reachable' && /"(step|ran)":/.test(JSON.stringify(property.what));
