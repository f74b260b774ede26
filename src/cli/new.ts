import { createProject } from '../app/new/new-project.ts';
import { quote } from '../app/shell-quote.ts';
import { Output } from './report/console-output.ts';

/** Writes a project, and prints the next steps. */
export function runNew(name: string, folder: string | undefined): void {
  const output = new Output({});
  const project = createProject(name, folder);
  output.print(`${project.folder}: ${project.files.join(', ')}`);
  output.print(`\nnext: cd ${quote(project.folder)} && npm install && npm test && npx precopy check design.ts`);
}
