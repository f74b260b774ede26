import { apiPages } from './api-pages.ts';
import { kvmMachinesPage } from './kvm-machines-page.ts';
import { kvmPage } from './kvm-page.ts';
import { kvmSystemPage } from './kvm-system-page.ts';

/** Returns every file of docs/reference, by name. */
export async function referencePages(): Promise<Record<string, string>> {
  const { 'README.md': _, ...pages } = await apiPages();
  return { ...pages, ...(await kvmPages()), 'README.md': contents(pages) };
}

/** Returns the pages of `precopy/kvm`, by name. */
export const kvmPages = async (): Promise<Record<string, string>> => ({
  'kvm.md': await kvmPage(),
  'kvm-system.md': await kvmSystemPage(),
  'kvm-machines.md': await kvmMachinesPage(),
});

/** Returns the index: each page with the first sentence of its introduction. */
function contents(pages: Readonly<Record<string, string>>): string {
  const rows = Object.entries(pages)
    .sort()
    .map(([name, text]) => `* [${name.replace('.md', '')}](${name}): ${firstSentence(text)}`);
  return [
    '# Reference',
    '',
    'The public API, from its docstrings. `npm run reference` writes these pages. [concepts.md](../concepts.md) explains',
    'the words.',
    '',
    ...rows,
    '* [kvm](kvm.md): `precopy/kvm`, the actions and guards of the shipped machines, by subject and by design.',
    '* [kvm-system](kvm-system.md): Params, memory, messages, roles, events, registers and tags of the shipped designs.',
    '* [kvm-machines](kvm-machines.md): The shipped machines by role, with their states.',
    '',
  ].join('\n');
}

const firstSentence = (text: string): string => {
  const [, introduction = ''] = text.split('\n\n');
  return introduction.replaceAll('\n', ' ').replace(/(?<=\.) .*/, '');
};
