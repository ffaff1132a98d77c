/**
 * Files as a sentence names them: without their folders, or where some are called alike, with as much of those as tells them
 * apart. As people know them, that is without the escapes of a URI.
 */
export function fileNames(uris: readonly string[]): readonly string[] {
  const short = uris.map((uri) => uri.slice(uri.lastIndexOf('/') + 1));
  const areApart = new Set(short).size === new Set(uris).size;
  const shared = areApart ? 0 : sharedFolder(uris).length;
  return uris.map((uri, index) => asKnown(uri, areApart ? (short[index] ?? uri) : uri.slice(shared)));
}

export function fileName(uri: string): string {
  return fileNames([uri]).join('');
}

/** The innermost folder that holds them all, with its last slash. */
function sharedFolder([first = '', ...others]: readonly string[]): string {
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (folder !== '' && !others.every((uri) => uri.startsWith(folder))) {
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  }
  return folder;
}

/** On a command line a file goes by its path, in which `%` is a character as any other. */
function asKnown(uri: string, name: string): string {
  if (!uri.includes('://')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
