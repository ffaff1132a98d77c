/**
 * Which files are reached through symbolic links: VS Code's search follows them, but what lies behind one may be anywhere,
 * outside of the workspace too, or stand in it twice. What a person opened is read all the same.
 */
export class LinkedFolders {
  private readonly isLink: (path: string) => Promise<boolean>;
  private readonly folders = new Map<string, Promise<boolean>>();

  /** @param isLink whether a path is itself a link */
  constructor(isLink: (path: string) => Promise<boolean>) {
    this.isLink = isLink;
  }

  /** Whether a file, or a folder between it and the workspace folder it is in, is a link. Paths have forward slashes. */
  async leadTo(file: string, workspaceFolder: string): Promise<boolean> {
    return (await this.isLink(file)) || this.isBehindLink(parentOf(file), workspaceFolder.replace(/\/+$/, ''));
  }

  /** Each folder is asked for once. */
  private isBehindLink(folder: string, workspaceFolder: string): Promise<boolean> {
    if (folder.length <= workspaceFolder.length) return Promise.resolve(false);
    const known = this.folders.get(folder);
    if (known !== undefined) return known;
    const answer = this.ask(folder, workspaceFolder);
    this.folders.set(folder, answer);
    return answer;
  }

  private async ask(folder: string, workspaceFolder: string): Promise<boolean> {
    return (await this.isLink(folder)) || this.isBehindLink(parentOf(folder), workspaceFolder);
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
