import type { AnyDesign } from './design.ts';
import { explain, modelCode, modelFunctionId, refuseModelCode } from './model-code.ts';
import type { PlacedCell } from './state-builder.ts';

const remedy = 'let it depend on the params alone';

/**
 * Calls a function that declares a part of a system. It depends on the params alone, like actions and guards on the
 * state: a design is instantiated several times in one check.
 * @param name the function, as errors name it
 */
export function declaredBy<T>(name: string, call: () => T): T {
  const before = modelCode.running;
  modelCode.running = modelFunctionId(name);
  try {
    return call();
  } catch (error) {
    throw explain(error);
  } finally {
    modelCode.running = before;
  }
}

/**
 * Calls a function that declares a number, twice.
 * @throws PrecopyError `BAD_DESIGN` if it gives another number the second time
 */
export const declaredNumber = (name: string, call: () => unknown): unknown =>
  declaredBy(name, () => {
    const number = call();
    const again = call();
    return Object.is(number, again)
      ? number
      : refuseModelCode(`gives ${String(number)}, and then ${String(again)}`, remedy);
  });

/** By design and params: the cells of its first instance. */
const known = new WeakMap<AnyDesign, Map<string, string>>();

/**
 * Refuses a design whose memory or registers are not those of its first instance at these params.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function assertSameCells(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  cells: readonly PlacedCell[],
): void {
  const ofDesign = known.get(design) ?? new Map<string, string>();
  known.set(design, ofDesign);
  const key = JSON.stringify(params);
  const declared = JSON.stringify(
    cells.map(({ plain, region }) => [region, ...constants.map((name) => constantOf(plain, name))]),
  );
  const first = ofDesign.get(key) ?? declared;
  ofDesign.set(key, first);
  if (declared === first) return;
  declaredBy(`system '${design.system.spec.name}': memory, or registers of an actor,`, () =>
    refuseModelCode('declares other cells each time', remedy),
  );
}

/** What a declaration says of a cell. */
const constants = ['name', 'initial', 'max', 'bound', 'bits', 'bitsPerWord', 'capacity'];

const constantOf = (cell: object, name: string): unknown => (cell as Record<string, unknown>)[name];
