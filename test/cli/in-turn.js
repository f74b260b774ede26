/** Runs command lines in one process: starting a process takes longer than most of them. argv[2] is a JSON list of lists of words. */
import { load } from '../../bin/load.js';

const { main } = await load('src/cli/main');

const finished = [];
for (const args of JSON.parse(process.argv[2])) {
  const written = { stdout: '', stderr: '' };
  const { stdout, stderr } = process;
  const writes = { stdout: stdout.write, stderr: stderr.write };
  for (const name of ['stdout', 'stderr']) {
    process[name].write = (text) => {
      written[name] += text;
      return true;
    };
  }
  process.exitCode = 0;
  await main([...process.argv.slice(0, 2), ...args]);
  finished.push({ exitCode: process.exitCode, ...written });
  stdout.write = writes.stdout;
  stderr.write = writes.stderr;
}
process.exitCode = 0;
process.stdout.write(JSON.stringify(finished));
