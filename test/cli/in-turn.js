/** Runs the command lines that its parent sends, one after the other: to start a process takes longer than most do. */
import { load } from '../../bin/load.js';

const { main } = await load('src/cli/main');

let last = Promise.resolve();
process.on('message', ({ args, cwd }) => {
  last = last.then(async () => process.send(await run(args, cwd)));
});
process.on('disconnect', () => process.exit());

/** Returns what a process of its own would write and exit with. */
async function run(args, cwd) {
  process.chdir(cwd);
  process.argv.splice(2, Infinity, ...args);
  process.exitCode = 0;
  const written = { stdout: '', stderr: '' };
  const writes = Object.keys(written).map((name) => [process[name], process[name].write, name]);
  for (const [stream, , name] of writes) {
    stream.write = (text) => {
      written[name] += text;
      return true;
    };
  }
  await main(process.argv);
  for (const [stream, write] of writes) stream.write = write;
  const { exitCode } = process;
  process.exitCode = 0;
  return { exitCode, ...written };
}
