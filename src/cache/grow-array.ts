/** An array with all that an old one has, and room for more. */
export function copyInto<A extends Int32Array | Uint8Array>(old: A, array: A): A {
  array.set(old);
  return array;
}
