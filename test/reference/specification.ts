/**
 * A system as plain data. Two readers share nothing but this: `design-source.ts` writes it as a design for precopy,
 * and the reference model checker (`checker.ts`) interprets it.
 */
export interface Specification {
  readonly memoryModel: 'sc' | 'tso';
  /** stores that a store buffer holds */
  readonly storeBuffer: number;
  readonly tags: readonly string[];
  readonly cells: readonly CellSpecification[];
  readonly messages: Readonly<Record<string, MessageSpecification>>;
  /** in the order of actor ids */
  readonly roles: readonly RoleSpecification[];
  readonly machines: Readonly<Record<string, MachineSpecification>>;
  readonly symmetry?: SymmetrySpecification;
  readonly properties: readonly PropertySpecification[];
}

export type CellType =
  | { readonly type: 'bit'; readonly initial: 0 | 1 }
  | { readonly type: 'counter'; readonly max: number; readonly initial: number }
  | { readonly type: 'actor'; readonly actors: number }
  | {
      readonly type: 'bitmap';
      readonly bits: number;
      readonly bitsPerWord: number;
      readonly initial: 'clear' | 'set';
      readonly cold?: boolean;
    }
  | { readonly type: 'actorSet'; readonly actors: number; readonly initial: 'clear' | 'set' }
  | { readonly type: 'queue'; readonly capacity: number; readonly size: number }
  | { readonly type: 'actorQueue'; readonly capacity: number; readonly actors: number };

export interface CellSpecification {
  readonly region: string;
  readonly kind: 'shared' | 'owned' | 'ghost';
  readonly name: string;
  /** length of a list of cells; absent for a cell by itself */
  readonly list?: number;
  readonly cell: CellType;
}

export interface MessageSpecification {
  readonly delivery: 'rendezvous' | 'posted';
  readonly fields: readonly string[];
  readonly ordering: 'barrier' | 'store' | 'call';
}

export interface RoleSpecification {
  readonly name: string;
  /** number of actors; 'one' is a role of one actor without a number in its name */
  readonly count: number | 'one';
  readonly machine: string;
}

export interface EventSpecification {
  readonly field?: string;
  readonly size?: number;
  readonly optional?: boolean;
}

export interface MachineSpecification {
  readonly events: Readonly<Record<string, EventSpecification>>;
  readonly registers: Readonly<Record<string, CellType>>;
  readonly actions: Readonly<Record<string, readonly Statement[]>>;
  /** updates of ghost memory, by the action that they follow */
  readonly ghost: Readonly<Record<string, readonly Statement[]>>;
  readonly guards: Readonly<Record<string, Expression>>;
  readonly initial: string;
  readonly states: Readonly<Record<string, StateSpecification>>;
}

export interface StateSpecification {
  readonly final?: true;
  readonly tags: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly on: Readonly<Record<string, readonly TransitionSpecification[]>>;
  readonly always: readonly TransitionSpecification[];
  readonly initial?: string;
  readonly states?: Readonly<Record<string, StateSpecification>>;
}

export interface TransitionSpecification {
  /** path of the target, from the root: `a.b` */
  readonly target?: string;
  readonly guard?: GuardSpecification;
  readonly actions: readonly string[];
  readonly reenter?: true;
  readonly coarse?: true;
}

export type GuardSpecification =
  | string
  | { readonly and: readonly GuardSpecification[] }
  | { readonly or: readonly GuardSpecification[] }
  | { readonly not: GuardSpecification };

/** A cell of memory, or a register that is no plain variable. */
export type CellReference =
  | { readonly region: string; readonly name: string; readonly index?: Expression }
  | { readonly register: string };

/** An expression. Its value is a number; truth values are 0 and 1. */
export type Expression =
  | number
  /** a register that is a variable */
  | { readonly my: string }
  /** a field of the event, or 0 if it has none of that name */
  | { readonly field: string }
  | { readonly id: 'me' | 'nth' | 'from' | 'nobody' }
  /** the id of an actor of a role */
  | { readonly actor: string; readonly nth: Expression }
  /** an operation of a cell; its operands are values or other cells */
  | { readonly call: string; readonly on: CellReference; readonly args: readonly Operand[] }
  | { readonly op: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly not: Expression }
  // Of properties only:
  | { readonly tagged: string; readonly actor: Expression }
  | { readonly tagCount: string }
  | { readonly posted: string; readonly actor: Expression }
  | { readonly drained: true }
  /** the actor of a property that speaks of each of several actors */
  | { readonly the: 'actor' }
  // Of covers only:
  | { readonly step: 'actor' | 'payload' }
  | { readonly ran: string };

type BinaryOperator = '+' | '-' | '%' | '===' | '<' | '&&' | '||';
export type Operand = { readonly value: Expression } | { readonly cell: CellReference };

export type Statement =
  | { readonly do: Expression }
  | { readonly set: string; readonly to: Expression }
  | {
      readonly send: string;
      readonly to: Expression;
      readonly fields: Readonly<Record<string, Expression>>;
    }
  | { readonly when: Expression; readonly run: readonly Statement[] }
  | { readonly barrier: true };

export type PropertySpecification =
  | { readonly kind: 'always' | 'never'; readonly id: string; readonly what: Expression }
  | { readonly kind: 'reachable'; readonly id: string; readonly what: Expression }
  | { readonly kind: 'noDeadlock'; readonly id: string; readonly what: Expression }
  | LeadsToSpecification;

export interface LeadsToSpecification {
  readonly kind: 'leadsTo';
  readonly id: string;
  readonly from: Expression;
  readonly to: Expression;
  /** role for whose actors it is checked one at a time; absent for the system as a whole */
  readonly forEach?: string;
  readonly finitely?: readonly string[];
  readonly strongly?: readonly { readonly event: string; readonly when?: Expression }[];
}

/** What a permutation of the actors of a role permutes, as `SymmetrySpec` of precopy has it. */
export interface SymmetrySpecification {
  readonly role: string;
  /** by index in the role */
  readonly kinds?: readonly number[];
  readonly perProcess: readonly string[];
  readonly processSets: readonly string[];
  /** cells that hold ids, each with the states of its owner in which the ids have a meaning */
  readonly processIds: Readonly<Record<string, readonly string[]>>;
  readonly payloads: readonly string[];
}
