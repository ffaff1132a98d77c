import * as vscode from 'vscode';
import { documentationPath } from '../rules/catalogue';
import type { RuleCode } from '../rules/finding';
import { headingLines } from './headings';
import type { Log } from './log';

const page = 'docs/rules.md';

/**
 * Where a rule is explained. The page comes with the extension, so links work offline; VS Code opens it as text, where an
 * anchor means nothing to it but a line does. Until the page is read the link leads to its top.
 */
export class RuleLinks {
  readonly #extensionUri: vscode.Uri;
  #lines: ReadonlyMap<string, number> = new Map();

  constructor(extensionUri: vscode.Uri, log: Log) {
    this.#extensionUri = extensionUri;
    this.#read().catch((thrown: unknown) => log.error(`Reading ${page}`, thrown));
  }

  linkTo(code: RuleCode): vscode.Uri {
    const [path = page, anchor = ''] = documentationPath(code).split('#');
    const line = this.#lines.get(anchor);
    const fragment = line === undefined ? anchor : `L${line + 1}`;
    return vscode.Uri.joinPath(this.#extensionUri, path).with({ fragment });
  }

  async #read(): Promise<void> {
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#extensionUri, page));
    this.#lines = headingLines(new TextDecoder().decode(bytes));
  }
}
