/** Runs one command line after the other in one process, as a process start takes longer than most of them: argv[2] is a list of lists of words. */
import { load } from '../../bin/load.js';

const { main } = await load('src/cli/main');

// each of them listens to the end of both pipes
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
const finished = [];
for (const args of JSON.parse(process.argv[2])) {
  const said = { stdout: '', stderr: '' };
  const { stdout, stderr } = process;
  const writes = { stdout: stdout.write, stderr: stderr.write };
  for (const name of ['stdout', 'stderr']) {
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  }
  process.exitCode = 0;
  await main([...process.argv.slice(0, 2), ...args]);
  finished.push({ exitCode: process.exitCode, ...said });
  stdout.write = writes.stdout;
  stderr.write = writes.stderr;
  process.removeAllListeners('uncaughtException');
}
process.exitCode = 0;
process.stdout.write(JSON.stringify(finished));
