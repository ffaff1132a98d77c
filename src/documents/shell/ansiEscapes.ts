const single: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '"': '"',
  '?': '?',
  '\\': '\\',
};

/**
 * What an escape in `$'…'` stands for and how long it is written, or `null` if the backslash means itself. Source: Bash
 * Reference Manual, 3.1.2.4, "ANSI-C Quoting".
 */
export function ansiEscapeAt(text: string, at: number): { readonly meant: string; readonly length: number } | null {
  const next = text.charAt(at + 1);
  const meant = single[next];
  if (meant !== undefined) return { meant, length: 2 };
  const digits =
    /^x[0-9a-fA-F]{1,2}|^u[0-9a-fA-F]{1,4}|^U[0-9a-fA-F]{1,8}|^[0-7]{1,3}/.exec(text.slice(at + 1, at + 10))?.[0] ?? '';
  if (digits === '') return null;
  const octal = /^[0-7]/.test(digits);
  const code = Number.parseInt(octal ? digits : digits.slice(1), octal ? 8 : 16);
  // A zero would end the string in bash, and single bytes above ASCII are halves of characters.
  const isByte = octal || digits.startsWith('x');
  if (code === 0 || code > 0x10ffff || (isByte && code > 0x7f)) return null;
  return { meant: String.fromCodePoint(code), length: digits.length + 1 };
}
