/** Returns a text of several lines as one line. */
export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}

/** Returns the text of whatever was thrown: an error, or any other value, also one that cannot be converted. */
export function textOfException(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  } catch {
    return 'something that has no text';
  }
}
