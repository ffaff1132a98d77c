/** A text with its invisible characters shown as replacement marks: line breaks and marks of direction would let names from files lie. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}
