import type { Messages } from '../../src/model/messages.ts';
import type { ParamSpecs } from '../../src/model/system-types.ts';
import { rolesSection } from './kvm-roles.ts';
import { allDesigns } from './machine-exports.ts';
import { codeList, table } from './markdown.ts';
import { messageDocstrings, regionDeclarations } from './system-declarations.ts';

const specs = allDesigns.map(({ system }) => system.spec);

/** Returns the page of the systems of `precopy/kvm`, in Markdown. */
export const kvmSystemPage = async (): Promise<string> =>
  [
    '# The system of precopy/kvm',
    '',
    'The params, memory, messages, roles and tags of the shipped designs. `npm run reference` writes this page from',
    '`machines`. The system is `kvm`, in [machines/system.ts](../../machines/system.ts). Two',
    '[extensions](../extending.md) add to it: `kvmWithFreePageHints` and `kvmWithSecondCollector`.',
    '',
    ...paramsSection(),
    ...memorySection(),
    ...messagesSection(),
    ...(await rolesSection()),
    ...tagsSection(),
  ].join('\n');

function paramsSection(): string[] {
  const params: ParamSpecs = Object.assign({}, ...specs.map((spec) => spec.params));
  return [
    '## Params',
    '',
    ...table(
      ['param', 'default:', 'minimum:', 'maximum:', 'description'],
      Object.entries(params).map(([name, spec]) => [`\`${name}\``, spec.default, spec.min, spec.max, spec.description]),
    ),
  ];
}

function memorySection(): string[] {
  return [
    '## Memory',
    '',
    'The declaration of a cell gives its [type](cells.md) and its size, an expression of the params. An action accesses',
    'it as `context.ram.stale`, or as `context.cpu.tlb(n)` if a list declares several. `atFirst(1)` is `set`, and',
    '`atFirst(0)` is `clear`. At params for which its size is 0, a cell holds nothing.',
    '',
    ...regionDeclarations().flatMap(({ file, name, access, docstring, cells }) => [
      `### ${name}`,
      '',
      ...(docstring === '' ? [] : [`${docstring}.`, '']),
      `Access: \`${access}\`. Source: [${file}](../../${file}).`,
      '',
      ...table(
        ['cell', 'declaration', 'description'],
        cells.map((cell) => [`\`${name}.${cell.name}\``, `\`${cell.code}\``, cell.docstring]),
      ),
    ]),
  ];
}

function messagesSection(): string[] {
  const messages: Messages = Object.assign({}, ...specs.map((spec) => spec.messages));
  const docstrings = messageDocstrings();
  return [
    '## Messages',
    '',
    '[MessageSpec](systems.md) explains delivery and ordering. Actions of the receiver read the payload `gfn` as',
    '`event.gfn`, and the id of the sender as `event.from`.',
    '',
    ...table(
      ['message', 'delivery', 'payload', 'ordering', 'description'],
      Object.entries(messages).map(([name, { delivery, fields, ordering }]) => [
        `\`${name}\``,
        delivery,
        codeList(fields),
        ordering,
        docstrings.get(name) ?? '',
      ]),
    ),
  ];
}

const tagsSection = (): string[] => [
  '## Tags',
  '',
  'Properties ask for the tags of the state of an actor. [kvm-machines.md](kvm-machines.md) lists which states have them.',
  '',
  `${codeList(new Set(specs.flatMap((spec) => spec.tags as readonly string[])))}.`,
  '',
];
