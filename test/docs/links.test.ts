import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { allPages, linksOf, root } from './pages.ts';

/** Returns the anchors of a page: of its headings, as GitHub makes them, and those that it declares. */
function anchorsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slug(heading));
  const numbered = headings.map((one, n) => {
    const before = headings.slice(0, n).filter((other) => other === one).length;
    return before === 0 ? one : `${one}-${before}`;
  });
  return [...numbered, ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)];
}

it.each(allPages)('links of %s lead to files and headings that exist', (page) => {
  const broken = linksOf(page).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? join(root, page) : resolve(root, dirname(page), file);
    return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(broken).toEqual([]);
});

it('docs/README.md lists each page of docs', () => {
  const listed = linksOf('docs/README.md').map((link) => relative(root, resolve(root, 'docs', link)));
  const pages = allPages.filter((page) => page.startsWith('docs/') && !page.startsWith('docs/designs/'));
  expect(listed).toEqual(expect.arrayContaining(pages.filter((page) => page !== 'docs/README.md')));
});
