import picocolors from 'picocolors';
import { PrecopyError } from '../../model/errors.ts';
import { word, wrap } from '../../trace/styled-text.ts';

const pageWidth = 100;
/** A page is not narrower: what is written does not fit there, and the terminal breaks the lines. */
const leastWidth = 40;

/** Where a command writes: text for people on stdout, or on stderr where stdout carries a JSON document. */
export class Output {
  readonly width: number;
  readonly colour: boolean;
  readonly ink: ReturnType<typeof picocolors.createColors>;
  private readonly stream: NodeJS.WriteStream;
  private hasWritten = false;

  constructor(private readonly options: { readonly json?: boolean; readonly quiet?: boolean }) {
    this.stream = options.json ? process.stderr : process.stdout;
    // A terminal that does not know its size says 0.
    this.width = Math.max(leastWidth, this.stream.columns || pageWidth);
    this.colour = showsColour(this.stream);
    this.ink = picocolors.createColors(this.colour);
  }

  /** What everybody wants to see, with `--quiet` too. */
  print(text: string): void {
    if (this.options.json && this.options.quiet) return;
    this.stream.write(`${text}\n`);
    this.hasWritten = true;
  }

  /** What `--quiet` leaves out. */
  printDetail(text: string): void {
    if (!this.options.quiet) this.print(text);
  }

  /** A paragraph of an explanation: lines that fit the width, indented. */
  paragraph(text: string, paint: (line: string) => string = (line) => line): void {
    const words = text.split(' ').map((one) => word(one));
    for (const line of wrap(words, this.width - 4, 2))
      this.printDetail(paint(`  ${line.map(({ text }) => text).join('')}`));
  }

  /** A blank line between this and what came before. */
  gap(): void {
    if (this.hasWritten) this.printDetail('');
  }

  /**
   * A rendered trace: text, or bytes that a terminal cannot show.
   * @throws PrecopyError `BAD_FILE` for bytes on a terminal
   */
  rendered(trace: string | Uint8Array, format: string): void {
    if (typeof trace === 'string') this.print(trace);
    else if (!process.stdout.isTTY) process.stdout.write(trace);
    else {
      throw new PrecopyError('BAD_FILE', `${format} is no text`, 'send it to a file: > race.pftrace');
    }
  }

  /** The one document of `--json`. */
  document(document: unknown): void {
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
}

function showsColour({ isTTY }: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  return Boolean(FORCE_COLOR) || (isTTY === true && TERM !== 'dumb');
}
