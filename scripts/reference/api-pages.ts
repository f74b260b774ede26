import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import { CompactTheme } from './compact-theme.ts';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/**
 * Returns the pages of the public API, by name: one for each file of `topics`, made by TypeDoc from docstrings.
 * @throws Error if TypeDoc does not understand a docstring, or a link in it leads nowhere
 */
export async function apiPages(): Promise<Record<string, string>> {
  const out = mkdtempSync(join(tmpdir(), 'precopy-reference-'));
  try {
    const app = await Application.bootstrapWithPlugins({
      name: 'precopy',
      entryPoints: readdirSync(here('topics')).map((name) => here(`topics/${name}`)),
      tsconfig: here('tsconfig.json'),
      plugin: ['typedoc-plugin-markdown'],
      outputs: [{ name: 'markdown', path: out }],
      readme: 'none',
      logLevel: 'Warn',
      skipErrorChecking: true,
      disableGit: true,
      disableSources: true,
      excludePrivate: true,
      excludeProtected: true,
      excludeInternal: true,
      excludeExternals: true,
      sort: ['source-order'],
      groupOrder: ['Functions', 'Variables', 'Classes', 'Interfaces', 'Type Aliases'],
      ...layout,
      theme: 'compact',
    } as object);
    app.renderer.defineTheme('compact', CompactTheme as never);
    const project = await app.convert();
    if (project === undefined) throw new Error('TypeDoc finds no API');
    await app.generateOutputs(project);
    const names = (readdirSync(out, { recursive: true }) as string[]).filter((name) => name.endsWith('.md'));
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(out, name), 'utf8')]));
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Options of typedoc-plugin-markdown: one page for a topic, and tables where they are short. */
const layout = {
  outputFileStrategy: 'modules',
  entryFileName: 'README.md',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  expandParameters: true,
  tableColumnSettings: { hideModifiers: true, hideInherited: true, hideOverrides: true, hideDefaults: true },
  expandObjects: true,
  parametersFormat: 'none',
  interfacePropertiesFormat: 'table',
  classPropertiesFormat: 'table',
  typeAliasPropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
};
