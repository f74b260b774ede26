/** A part of the text of an expression: offsets of its first character, and of the one behind its last. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A name in an expression, and where it stands. */
interface Name {
  readonly text: string;
  readonly at: Range;
}

/** A cell, a register, a param or an actor: `kvm.dirtyBitmap[0]`, `getDirtyLog.word`, `vcpu0`. */
export interface Path {
  readonly type: 'path';
  readonly names: readonly [string, ...string[]];
  readonly indexes: readonly Value[];
  readonly at: Range;
}

/** A number of set bits, of values of a queue, or of actors: `count(srcu.readers)`, `count(vcpu has inGuest)`. */
interface Count {
  readonly type: 'count';
  readonly of: Statement;
  readonly at: Range;
}

export type Value = { readonly type: 'integer'; readonly value: number; readonly at: Range } | Count | Path;

export type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>';

/** A statement about one value. `truth` is that of a bit. */
export type Statement =
  | { readonly type: 'truth'; readonly of: Value }
  | { readonly type: 'in'; readonly left: Value; readonly state: Name }
  | { readonly type: 'has'; readonly left: Value; readonly tag: Name }
  | { readonly type: 'contains'; readonly left: Value; readonly right: Value }
  | { readonly type: 'compare'; readonly left: Value; readonly operator: Operator; readonly right: Value };

/** An expression that is true or false in a state. A quantifier without a role takes the first name for it. */
export type Expression =
  | Statement
  | { readonly type: 'and' | 'or'; readonly parts: readonly Expression[] }
  | { readonly type: 'not'; readonly of: Expression }
  | {
      readonly type: 'quantified';
      readonly quantifier: 'any' | 'all' | 'no';
      readonly role?: Name;
      readonly of: Expression;
    };
