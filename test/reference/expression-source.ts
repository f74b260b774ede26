import type {
  CellReference,
  CellType,
  Expression,
  PropertySpecification,
  Specification,
  Statement,
} from './specification.ts';
import { speaksOfSteps } from './view.ts';

type TypeOf = (register: string) => CellType;

/** Returns the source of statements of an action, which sees `context` and `event`. */
export function actionSource(statements: readonly Statement[], typeOf: TypeOf, specification: Specification): string {
  const value = (expression: Expression): string => operandSource(expression, typeOf, specification);
  return statements
    .map((statement): string => {
      if ('do' in statement) return `${value(statement.do)};`;
      if ('set' in statement) {
        const isBit = typeOf(statement.set).type === 'bit';
        return `context.my.${statement.set} = ${isBit ? `(${value(statement.to)}) !== 0` : value(statement.to)};`;
      }
      if ('send' in statement) {
        const fields = Object.entries(statement.fields).map(([name, field]) => `${name}: ${value(field)}`);
        const payload = fields.length > 0 ? `, { ${fields.join(', ')} }` : '';
        return `context.send('${statement.send}', ${value(statement.to)}${payload});`;
      }
      if ('when' in statement) {
        return `if ((${value(statement.when)}) !== 0) { ${actionSource(statement.run, typeOf, specification)} }`;
      }
      return 'context.barrier();';
    })
    .join(' ');
}

/** Returns the source of an expression of an actor, which sees `context` and `event`. */
export function operandSource(expression: Expression, typeOf: TypeOf, specification: Specification): string {
  return source(expression, {
    cell: (reference, index) =>
      'register' in reference ? `context.my.${reference.register}` : memorySource('context', reference, index),
    isBit: (reference) =>
      'register' in reference ? typeOf(reference.register).type === 'bit' : isBitOf(reference, specification),
    leaf: (leaf) => {
      if ('my' in leaf) return `Number(context.my.${leaf.my})`;
      if ('field' in leaf) return `('${leaf.field}' in event ? event.${leaf.field} ?? 0 : 0)`;
      if ('id' in leaf) {
        if (leaf.id === 'from') return `('from' in event ? event.from ?? 0 : 0)`;
        return leaf.id === 'nobody' ? 'context.actors.nobody' : `context.${leaf.id}`;
      }
      throw new Error(`no expression of an actor: ${JSON.stringify(leaf)}`);
    },
    actors: 'context.actors',
    specification,
  });
}

/** Returns the source of the function of a property that is no leads-to property. */
export function propertySource(property: Exclude<PropertySpecification, { kind: 'leadsTo' }>): string {
  const parameters = speaksOfSteps(property) ? '(view, step)' : '(view)';
  return `${parameters} => ${truth(property.what)}`;
}

/** Returns the source of a function of a view and of an actor. */
export const propertyValue = (what: Expression): string =>
  /"the":/.test(JSON.stringify(what)) ? `(view, actor) => ${truth(what)}` : `(view) => ${truth(what)}`;

const truth = (what: Expression): string => `(${viewSource(what)}) !== 0`;

/** Returns the source of an expression of a property, which sees `view`, `step` and `actor`. */
function viewSource(expression: Expression): string {
  const inner = viewSource;
  return source(expression, {
    cell: (reference, index) => {
      if ('register' in reference) throw new Error('properties see no registers');
      return memorySource('view', reference, index);
    },
    isBit: () => false,
    leaf: (leaf) => {
      if ('tagged' in leaf) return `Number(view.is.${leaf.tagged}.of(${inner(leaf.actor)}))`;
      if ('tagCount' in leaf) return `view.is.${leaf.tagCount}.count()`;
      if ('posted' in leaf) return `Number(view.posted.${leaf.posted}.waitsFor(${inner(leaf.actor)}))`;
      if ('drained' in leaf) return 'Number(view.storesAreDrained())';
      if ('the' in leaf) return 'actor';
      if ('id' in leaf && leaf.id === 'nobody') return 'view.actors.nobody';
      if ('step' in leaf) return `step.${leaf.step}`;
      if ('ran' in leaf) return `Number(step.actions.includes('${leaf.ran}'))`;
      throw new Error(`no expression of a property: ${JSON.stringify(leaf)}`);
    },
    actors: 'view.actors',
  });
}

interface Scope {
  cell(reference: CellReference, index: (expression: Expression) => string): string;
  isBit(reference: CellReference): boolean;
  leaf(leaf: Extract<Expression, object>): string;
  readonly actors: string;
  readonly specification?: Specification;
}

function source(expression: Expression, scope: Scope): string {
  if (typeof expression === 'number') return expression < 0 ? `(${expression})` : String(expression);
  const value = (inner: Expression): string => source(inner, scope);
  if ('not' in expression) return `Number((${value(expression.not)}) === 0)`;
  if ('actor' in expression && 'nth' in expression) {
    return `[${scope.actors}.${expression.actor}].flat()[${value(expression.nth)}]`;
  }
  if ('call' in expression) {
    const { on, call } = expression;
    const isTruth = call === 'fill' || (call === 'set' && scope.isBit(on));
    const args = expression.args.map((arg) => {
      if ('cell' in arg) return scope.cell(arg.cell, value);
      return isTruth ? `(${value(arg.value)}) !== 0` : value(arg.value);
    });
    return `Number(${scope.cell(on, value)}.${call}(${args.join(', ')}))`;
  }
  if (!('op' in expression)) return scope.leaf(expression);
  const { op, left, right } = expression;
  const [a, b] = [value(left), value(right)];
  if (op === '&&' || op === '||') return `Number((${a}) !== 0 ${op} (${b}) !== 0)`;
  return op === '===' || op === '<' ? `Number(${a} ${op} ${b})` : `(${a} ${op} ${b})`;
}

function memorySource(
  base: string,
  reference: Exclude<CellReference, { register: string }>,
  value: (index: Expression) => string,
): string {
  const cell = `${base}.${reference.region}.${reference.name}`;
  return reference.index === undefined ? cell : `${cell}(${value(reference.index)})`;
}

const isBitOf = (reference: CellReference, { cells }: Specification): boolean =>
  'region' in reference &&
  cells.some(({ region, name, cell }) => region === reference.region && name === reference.name && cell.type === 'bit');
