import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrecopyError } from '../../model/errors.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';
import { type Dependency, dependencyOnPrecopy } from './dependency.ts';

const template = fileURLToPath(new URL('templates/my-design/', import.meta.resolve('#package/package.json')));
/** The name that a new project replaces, in all files of the template. */
const nameInTemplate = 'my-design';
/** npm would link to a folder, in which vitest and its types are others than those of the project. */
const copiedFolders = 'install-links=true\n';
/** npm leaves `.gitignore` out of packages. */
const targetOf = (file: string): string => (file === 'gitignore' ? '.gitignore' : file);

/**
 * Names of packages and folders at the same time, of at most 214 characters. npm refuses `node_modules`, and a package
 * of the name of what it depends on.
 */
const goodName = /^(?!(node_modules|precopy|typescript|vitest)$)[a-z0-9][a-z0-9._-]{0,213}$/;

/** A written project. */
export interface NewProject {
  /** its folder, as given */
  readonly folder: string;
  readonly files: readonly string[];
}

/**
 * Writes a project with a design of KVM dirty logging, its mutant and its test.
 * @param name of the package and of the design
 * @param folder default: a folder of that name in the working directory
 * @throws PrecopyError `BAD_PARAMETER` for a name that npm refuses; `BAD_FILE` for a folder that has files, or that
 * cannot be written
 */
export function createProject(name: string, folder: string = name): NewProject {
  if (!goodName.test(name)) {
    const cause = `'${name}' cannot be the name of a package`;
    throw new PrecopyError(
      'BAD_PARAMETER',
      cause,
      "use lower-case letters, digits, '-', '_' and '.', as in 'my-design'",
    );
  }
  const dependency = dependencyOnPrecopy();
  const files = readdirSync(template).map((file): [string, string] => {
    const text = readFileSync(join(template, file), 'utf8').replaceAll(nameInTemplate, name);
    return [targetOf(file), file === 'package.json' ? withDependency(text, dependency) : text];
  });
  if (dependency.isFolder) files.push(['.npmrc', copiedFolders]);
  write(folder, files);
  return { folder, files: files.map(([file]) => file).sort() };
}

function write(folder: string, files: readonly (readonly [name: string, text: string])[]): void {
  const remedy = 'give another folder with --dir';
  let isEmpty = true;
  try {
    ensureDirectory(folder);
    isEmpty = readdirSync(folder).length === 0;
    if (isEmpty) for (const [name, text] of files) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${folder} cannot be written: ${(error as Error).message}`, remedy);
  }
  if (!isEmpty) throw new PrecopyError('BAD_FILE', `the folder ${folder} is not empty`, remedy);
}

/** Makes a package.json depend on a precopy. npm asks about the scripts of one that is not from a registry. */
function withDependency(text: string, { spec }: Dependency): string {
  const manifest = JSON.parse(text) as {
    readonly devDependencies: Record<string, string>;
    readonly allowScripts: Record<string, false>;
  };
  manifest.devDependencies['precopy'] = spec;
  if (spec.startsWith('file:')) manifest.allowScripts[spec] = false;
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
