import * as precopy from 'precopy';
import { actionSource, operandSource, propertySource, propertyValue } from './expression-source.ts';
import type {
  CellType,
  GuardSpecification,
  MachineSpecification,
  MessageSpecification,
  PropertySpecification,
  RoleSpecification,
  Specification,
  StateSpecification,
  SymmetrySpecification,
  TransitionSpecification,
} from './specification.ts';

/** Creates the design of a specification, through the public API only. */
export function designOf(specification: Specification): precopy.AnyDesign {
  const names = Object.keys(precopy);
  const body = `${statements(specification)}\nreturn ${designExpression(specification)};`;
  return new Function(...names, body)(...Object.values(precopy)) as precopy.AnyDesign;
}

/** Returns the source of a design as a file that `precopy check` takes. */
export function designFile(specification: Specification, comment: string): string {
  const body = `${statements(specification)}\nexport default ${designExpression(specification)};\n`;
  const used = Object.keys(precopy).filter((name) => new RegExp(`(?<![.\\w'])${name}\\(`).test(body));
  return `// @ts-nocheck\n${comment.replace(/^/gm, '// ')}\nimport { ${used.join(', ')} } from 'precopy';\n\n${body}`;
}

const quote = (text: string): string => JSON.stringify(text);
const record = (entries: readonly (readonly [string, string])[]): string =>
  `{ ${entries.map(([key, value]) => `${quote(key)}: ${value}`).join(', ')} }`;
const mapRecord = <T>(values: Readonly<Record<string, T>>, source: (value: T, key: string) => string): string =>
  record(Object.entries(values).map(([key, value]) => [key, source(value, key)] as const));

function statements(specification: Specification): string {
  const { cells, messages, roles, tags, symmetry, machines } = specification;
  const regions = [...new Set(cells.map(({ region }) => region))].map((region) => {
    const inside = cells.filter((one) => one.region === region);
    const declared = inside.map(({ name, list, cell }) => {
      const source = cellSource(cell);
      return [name, list === undefined ? source : `Array.from({ length: ${list} }, () => ${source})`] as const;
    });
    return [region, `${inside[0]?.kind}(${record(declared)})`] as const;
  });
  const counted = roles.filter(({ count }) => count !== 'one');
  const params = counted.map(
    ({ name, count }) => [`${name}s`, `{ default: ${count}, min: 1, max: 64, description: 'actors' }`] as const,
  );
  return `const system = defineSystem({
  name: 'generated',
  params: ${record(params)},
  memory: () => (${record(regions)}),
  messages: ${mapRecord(messages, messageSource)},
  actors: ${record(roles.map((role) => [role.name, roleSource(role, roles)] as const))},
  tags: ${JSON.stringify(tags)},${symmetry ? `\n  symmetry: ${symmetrySource(symmetry, specification)},` : ''}
});
${Object.entries(machines)
  .map(([name, machine]) => machineSource(name, machine, specification))
  .join('\n')}`;
}

function designExpression({ roles, properties, memoryModel, storeBuffer }: Specification): string {
  const owners = roles.filter((role) => ownerOf(role, roles) === role);
  return `defineDesign({
  id: 'generated',
  title: 'a generated system',
  system,
  machines: ${record(owners.map(({ name, machine }) => [name, machine] as const))},
  memoryModel: ${quote(memoryModel)},
  params: { ${memoryModel === 'tso' ? `storeBuffer: ${storeBuffer}` : ''} },
  properties: [
    ${properties.map((property) => `${declarationSource(property)},`).join('\n    ')}
  ],
})`;
}

/** Returns the first role with the machine of a role. */
const ownerOf = ({ machine }: RoleSpecification, roles: readonly RoleSpecification[]): RoleSpecification | undefined =>
  roles.find((role) => role.machine === machine);

function roleSource(role: RoleSpecification, roles: readonly RoleSpecification[]): string {
  if (role.count === 'one') return quote('one');
  const count = `(params) => params.${role.name}s`;
  const owner = ownerOf(role, roles);
  return owner === role ? count : `{ machineOf: ${quote(owner?.name ?? '')}, some: ${count} }`;
}

function cellSource(cell: CellType): string {
  switch (cell.type) {
    case 'bit':
      return `bit(${cell.initial === 1})`;
    case 'counter':
      return `counter(${cell.max}, ${cell.initial})`;
    case 'actor':
      return `actor(${cell.actors})`;
    case 'bitmap': {
      const { bits, bitsPerWord, initial, cold } = cell;
      return `bitmap(${bits}, ${JSON.stringify({ bitsPerWord, initial, cold })})`;
    }
    case 'actorSet':
      return `actorSet(${cell.actors}, ${quote(cell.initial)})`;
    case 'queue':
      return `queue(${cell.capacity}, ${cell.size})`;
    case 'actorQueue':
      return `actorQueue(${cell.capacity}, ${cell.actors})`;
  }
}

function messageSource({ delivery, fields, ordering }: MessageSpecification): string {
  const message = `${delivery}(${fields.map(quote).join(', ')})`;
  if (ordering === 'barrier') return message;
  return ordering === 'store' ? `asStore(${message})` : `asCall(${message})`;
}

function symmetrySource(symmetry: SymmetrySpecification, { roles }: Specification): string {
  const { role, kinds, perProcess, processSets, processIds, payloads } = symmetry;
  // The kinds of a role of any size: the last one is that of all others.
  const kindOf = kinds && `(_, nth) => ${JSON.stringify(kinds)}[nth]`;
  if (!roles.some(({ name }) => name === role)) throw new Error(`no role ${role}`);
  return record([
    ['role', quote(role)],
    ...(kindOf ? [['kindOf', kindOf] as const] : []),
    ['perProcess', JSON.stringify(perProcess)],
    ['processSets', JSON.stringify(processSets)],
    ['processIds', mapRecord(processIds, (states) => `(state) => ${JSON.stringify(states)}.includes(state)`)],
    ['payloads', JSON.stringify(payloads)],
  ]);
}

function machineSource(name: string, machine: MachineSpecification, specification: Specification): string {
  const { events, registers, actions, guards, ghost, initial, states } = machine;
  const typeOf = (register: string): CellType => registers[register] as CellType;
  const declared = mapRecord(events, ({ field, size, optional }) =>
    record([
      ...(field === undefined ? [] : [['field', quote(field)] as const, ['size', `() => ${size}`] as const]),
      ...(optional ? [['optional', 'true'] as const] : []),
    ]),
  );
  const body = (source: string): string => `({ context, event }) => { ${source} }`;
  const parts = record([
    ['actions', mapRecord(actions, (some) => body(actionSource(some, typeOf, specification)))],
    [
      'guards',
      mapRecord(guards, (one) => `({ context, event }) => (${operandSource(one, typeOf, specification)}) !== 0`),
    ],
    ['ghost', mapRecord(ghost, (some) => body(actionSource(some, typeOf, specification)))],
  ]);
  return `const ${name}Actor = system.actor({ events: ${declared}, registers: () => (${mapRecord(registers, cellSource)}) });
const ${name} = ${name}Actor.use(${name}Actor.implement(${parts})).createMachine({
  id: ${quote(name)},
  initial: ${quote(initial)},
  states: ${mapRecord(states, (state) => stateSource(state, name))},
});`;
}

function stateSource(state: StateSpecification, machine: string): string {
  const { final, tags, entry, exit, on, always, initial, states } = state;
  const list = (transitions: readonly TransitionSpecification[]): string =>
    `[${transitions.map((one) => transitionSource(one, machine)).join(', ')}]`;
  return record([
    ...(final ? [['type', quote('final')] as const] : []),
    ...(tags.length > 0 ? [['tags', JSON.stringify(tags)] as const] : []),
    ...(entry.length > 0 ? [['entry', JSON.stringify(entry)] as const] : []),
    ...(exit.length > 0 ? [['exit', JSON.stringify(exit)] as const] : []),
    ...(Object.keys(on).length > 0 ? [['on', mapRecord(on, list)] as const] : []),
    ...(always.length > 0 ? [['always', list(always)] as const] : []),
    ...(states
      ? [
          ['initial', quote(initial as string)] as const,
          ['states', mapRecord(states, (inner) => stateSource(inner, machine))] as const,
        ]
      : []),
  ]);
}

function transitionSource(transition: TransitionSpecification, machine: string): string {
  const { target, guard, actions, reenter, coarse } = transition;
  return record([
    ...(target === undefined ? [] : [['target', quote(`#${machine}.${target}`)] as const]),
    ...(guard === undefined ? [] : [['guard', guardSource(guard)] as const]),
    ...(actions.length > 0 ? [['actions', JSON.stringify(actions)] as const] : []),
    ...(reenter ? [['reenter', 'true'] as const] : []),
    ...(coarse ? [['meta', `{ coarse: 'generated' }`] as const] : []),
  ]);
}

function guardSource(guard: GuardSpecification): string {
  if (typeof guard === 'string') return quote(guard);
  if ('not' in guard) return `not(${guardSource(guard.not)})`;
  const [name, inner] = 'and' in guard ? ['and', guard.and] : ['or', guard.or];
  return `${name}([${(inner as readonly GuardSpecification[]).map(guardSource).join(', ')}])`;
}

function declarationSource(property: PropertySpecification): string {
  const description = quote(`property ${property.id}`);
  const header = [
    ['id', quote(property.id)],
    ['description', description],
  ] as const;
  if (property.kind !== 'leadsTo') {
    return `system.properties.${property.kind}(${record(header)}, ${propertySource(property)})`;
  }
  const { from, to, forEach, finitely, strongly } = property;
  const premises = strongly?.map(({ event, when }) =>
    record([['event', quote(event)], ...(when === undefined ? [] : [['when', propertyValue(when)] as const])]),
  );
  const full = record([
    ...header,
    ...(finitely ? [['finitely', JSON.stringify(finitely)] as const] : []),
    ...(premises ? [['strongly', `[${premises.join(', ')}]`] as const] : []),
  ]);
  const [name, actors] =
    forEach === undefined ? ['leadsTo', ''] : ['leadsToForEach', `(ids) => [ids.${forEach}].flat(), `];
  return `system.properties.${name}(${full}, ${actors}${propertyValue(from)}, ${propertyValue(to)})`;
}
