import { refuseModelCode } from './model-code.ts';
import { didYouMean } from './nearest-name.ts';

const prototypes = new Map<string, object>();

/**
 * Returns a prototype for what code of a design is given. JavaScript asks the prototype for a name that the object does
 * not have itself, so a name that exists costs nothing, and one that does not is refused, with the nearest names.
 * Without it a misspelt name would be `undefined`, which equals nothing and is false.
 * @param where what has the names: `memory region 'kvm'`
 * @param what what a name names: `cell`
 */
export function strictPrototype(where: string, what: string): object {
  const key = `${where}\n${what}`;
  const prototype = prototypes.get(key) ?? new Proxy({}, refusing(where, what));
  prototypes.set(key, prototype);
  return prototype;
}

/**
 * Makes a record refuse the names that it does not have, to readers and to writers. Equal records of one kind keep one
 * hidden class.
 * @throws PrecopyError `BAD_DESIGN` when such a name is read or written
 */
export function strict<T extends object>(record: T, where: string, what: string): T {
  return Object.setPrototypeOf(record, strictPrototype(where, what)) as T;
}

/**
 * Makes a list refuse an index that it does not have, and freezes it. The methods of lists are as fast as before, since
 * they are found before the prototype that refuses is asked.
 * @throws PrecopyError `BAD_DESIGN` when such an element is read
 */
export function strictList<T>(list: readonly T[], where: string, what: string): readonly T[] {
  const key = `${where}\n${what}`;
  const methods = listPrototypes.get(key) ?? listPrototype(where, what);
  listPrototypes.set(key, methods);
  return Object.freeze(Object.setPrototypeOf(list, methods) as readonly T[]);
}

const listPrototypes = new Map<string, object>();

function listPrototype(where: string, what: string): object {
  const methods = Object.create(strictPrototype(where, what)) as object;
  for (const key of Reflect.ownKeys(Array.prototype)) {
    const method = Object.getOwnPropertyDescriptor(Array.prototype, key);
    if (key !== 'length' && method) Object.defineProperty(methods, key, method);
  }
  return methods;
}

/** Names that tools ask any object for: printers, `await`, `JSON.stringify`. */
const askedByTools = ['then', 'toJSON', 'asymmetricMatch', '$$typeof', 'nodeType', 'constructor'];

function refusing(where: string, what: string): ProxyHandler<object> {
  const refuse = (does: string, name: string, receiver: object): never => {
    const names = namesOf(receiver);
    refuseModelCode(
      `${does} '${name}', but ${where} has no such ${what}${didYouMean(name, names)}`,
      names.length > 0 ? `there are ${names.join(', ')}` : 'declare it first',
    );
  };
  return {
    get: (target, name, receiver) =>
      typeof name === 'symbol' || name in target || askedByTools.includes(name)
        ? Reflect.get(target, name, receiver)
        : refuse('reads', name, receiver as object),
    set: (target, name, value, receiver) =>
      typeof name === 'symbol'
        ? Reflect.set(target, name, value, receiver)
        : refuse('writes', name, receiver as object),
  };
}

const hidden = ['constructor', 'asOperand', 'kinds'];

/** Returns the names that an object has, or its class: those of registers and of fields are accessors of the class. */
function namesOf(object: object): string[] {
  if (Array.isArray(object)) return [...object.keys()].map(String);
  const inherited = Object.getPrototypeOf(object) as object;
  const ofClass = Object.getOwnPropertyNames(inherited).filter((name) => !hidden.includes(name));
  return ofClass.length > 0 ? ofClass : Object.keys(object);
}
