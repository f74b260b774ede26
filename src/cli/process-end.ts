import { writeSync } from 'node:fs';
import { relative } from 'node:path';
import { fileInUse } from '../app/designs/file-in-use.ts';
import { placeInOwnDesign } from '../app/files/stack-frames.ts';
import { oneLine, textOfException } from '../app/wording.ts';
import { PrecopyError } from '../model/errors.ts';
import { ExitCode } from './exit-codes.ts';
import { reportFailure } from './report/error-report.ts';
import { printable } from './report/printable.ts';

/** The exit code of a process whose reader has gone, as a shell gives it for SIGPIPE. */
const brokenPipe = 141;

const exits = process as unknown as { reallyExit(code: number): never };
const reallyExit = exits.reallyExit.bind(process);
let isRunning = false;
let isGuarded = false;

/**
 * Runs a command so that nothing but the command decides its exit code: not a file of a design that ends the process,
 * never finishes loading, or fails at some later time; nor a stream that nobody can write to. Sets `process.exitCode`.
 */
export async function runGuarded(command: () => Promise<number>): Promise<void> {
  if (!isGuarded) guard();
  isGuarded = true;
  isRunning = true;
  process.exitCode = await command();
  isRunning = false;
}

/** Ends the process with its exit code, whatever still runs in it and whatever handlers a file has registered. */
export async function endProcess(): Promise<never> {
  const code = Number(process.exitCode ?? 0);
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  return endWith(code);
}

function endWith(code: number): never {
  isRunning = false;
  exits.reallyExit = () => reallyExit(code);
  process.exit(code);
}

function guard(): void {
  process.on('uncaughtException', (error) => endWith(reportFailure(attributed(error)).exitCode));
  process.on('exit', endEarly);
  exits.reallyExit = (code) => {
    endEarly();
    return reallyExit(code);
  };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') endWith(brokenPipe);
      const name = stream === process.stdout ? 'stdout' : 'stderr';
      const cause = `${name} cannot be written: ${oneLine(error.message)}`;
      endWith(reportFailure(new PrecopyError('BAD_FILE', cause, 'send it elsewhere')).exitCode);
    });
  }
}

/** Ends a process that ends although the command is not complete. Node would exit with 0, which means `holds`. */
function endEarly(): void {
  if (!isRunning) return;
  const { name, isLoading } = fileInUse;
  const when = isLoading ? 'while it loads' : 'while it is used';
  const cause = name
    ? `${name} ends the process, or waits for ever, ${when}`
    : 'internal error: the command has no result';
  writeSync(2, `${printable(`precopy: ${oneLine(cause)}. ${name ? 'correct the file' : 'please report this'}`)}\n`);
  reallyExit(name ? ExitCode.usage : ExitCode.internal);
}

/** Converts an exception that nobody caught to a defect of the file of a design, unless it comes from precopy. */
function attributed(error: unknown): unknown {
  const { name } = fileInUse;
  if (name === undefined || error instanceof PrecopyError) return error;
  const place = placeInOwnDesign(error);
  const isNoError = !(error instanceof Error) || ('code' in error && error.code === 'ERR_UNHANDLED_REJECTION');
  if (!place && !isNoError) return error;
  const where = place ? `${relative('.', place.path)}:${place.line}` : name;
  const [, reason] = (isNoError && /with the reason "(.*)"/s.exec(error instanceof Error ? error.message : '')) || [];
  const cause = `${where} throws after it has loaded: ${oneLine(reason ?? textOfException(error))}`;
  return Object.assign(new PrecopyError('BAD_FILE', cause, 'correct the file'), { cause: error });
}
