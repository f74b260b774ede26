import picocolors from 'picocolors';

const pageWidth = 100;

/** Where a command writes: text for people on stdout, or on stderr where stdout carries a JSON document. */
export class Output {
  readonly width: number;
  readonly colour: boolean;
  readonly ink: ReturnType<typeof picocolors.createColors>;
  private readonly stream: NodeJS.WriteStream;

  constructor(private readonly options: { readonly json?: boolean; readonly quiet?: boolean }) {
    this.stream = options.json ? process.stderr : process.stdout;
    this.width = this.stream.columns ?? pageWidth;
    this.colour = showsColour(this.stream);
    this.ink = picocolors.createColors(this.colour);
  }

  /** What everybody wants to see, with `--quiet` too. */
  say(text: string): void {
    if (!(this.options.json && this.options.quiet)) this.stream.write(`${text}\n`);
  }

  /** What `--quiet` leaves out. */
  explain(text: string): void {
    if (!this.options.quiet) this.say(text);
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
