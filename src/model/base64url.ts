// A browser has no `Buffer`, so these are made of what Node and browsers have.

/** Encodes bytes as base64url without padding. */
export function toBase64Url(bytes: ArrayLike<number>): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/**
 * Decodes base64url. A last digit that is alone is left out: it has no whole byte.
 * @throws DOMException for a text with other characters
 */
export function fromBase64Url(text: string): Uint8Array {
  const whole = text.length % 4 === 1 ? text.slice(0, -1) : text;
  return Uint8Array.from(atob(whole.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
}
