import picocolors from 'picocolors';
import { PrecopyError } from '../../model/errors.ts';
import { printable, printableWithStyles } from './printable.ts';
import { wrap } from './wrap.ts';

/** Columns of a stream that is no terminal. */
export const pipeWidth = 100;
/** The least width that text is wrapped at. A narrower terminal breaks the lines itself. */
export const leastWidth = 40;

let requestedWidth: number | undefined;

/** Sets the width of all text output, in columns: `--width`. */
export function setOutputWidth(columns: number): void {
  requestedWidth = columns;
}

/** Returns the width at which text on a stream is wrapped, in columns. */
export function outputWidth(stream: NodeJS.WriteStream): number {
  // A terminal of unknown size reports 0 columns.
  return requestedWidth ?? Math.max(leastWidth, stream.columns || pipeWidth);
}

/** Writes the text of a command to stdout, or to stderr where stdout carries a JSON document. */
export class Output {
  readonly width: number;
  readonly colour: boolean;
  readonly ink: ReturnType<typeof picocolors.createColors>;
  private readonly stream: NodeJS.WriteStream;
  private hasWritten = false;

  constructor(private readonly options: { readonly json?: boolean; readonly quiet?: boolean }) {
    this.stream = options.json ? process.stderr : process.stdout;
    this.width = outputWidth(this.stream);
    this.colour = showsColour(this.stream);
    this.ink = picocolors.createColors(this.colour);
  }

  /** Returns true if only verdicts are printed. */
  get isQuiet(): boolean {
    return this.options.quiet === true;
  }

  /** Prints text, also with `--quiet`: tables, traces, commands to copy. No character of it controls the terminal. */
  print(text: string): void {
    if (this.options.json && this.options.quiet) return;
    this.stream.write(`${this.colour ? printableWithStyles(text) : printable(text)}\n`);
    this.hasWritten = true;
  }

  /** Prints text as it is, unless `--quiet` is set. */
  printDetail(text: string): void {
    if (!this.options.quiet) this.print(text);
  }

  /** Prints a line of prose, wrapped to the width, also with `--quiet`. */
  printProse(text: string): void {
    this.print(wrap(text, this.width, { hanging: 2 }));
  }

  /** Prints a line of prose, wrapped to the width, unless `--quiet` is set. */
  printProseDetail(text: string): void {
    if (!this.options.quiet) this.printProse(text);
  }

  /** Prints a paragraph, indented and wrapped to the width, unless `--quiet` is set. */
  paragraph(text: string, indent = 2): void {
    this.printDetail(wrap(text, this.width, { indent, hanging: 2 }));
  }

  /** Prints a blank line between blocks of output, unless `--quiet` is set. */
  gap(): void {
    if (this.hasWritten) this.printDetail('');
  }

  /**
   * Prints a rendered trace: text, or bytes where stdout is no terminal.
   * @throws PrecopyError `BAD_FILE` for bytes on a terminal
   */
  rendered(trace: string | Uint8Array, format: string): void {
    if (typeof trace === 'string') this.print(trace);
    else if (!process.stdout.isTTY) process.stdout.write(trace);
    else {
      throw new PrecopyError(
        'BAD_FILE',
        `${format} is a binary format, and stdout is a terminal`,
        'send it to a file: > race.pftrace',
      );
    }
  }

  /** Prints the document of `--json` on stdout. */
  document(document: unknown): void {
    // An escape of a control character is the same character in JSON.
    this.documentText(printable(JSON.stringify(document, null, 2)));
  }

  /** Prints a document on stdout that has no character that controls the terminal. */
  documentText(text: string): void {
    process.stdout.write(`${text}\n`);
  }
}

function showsColour({ isTTY }: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  return Boolean(FORCE_COLOR) || (isTTY === true && TERM !== 'dumb');
}
