import * as vscode from 'vscode';

/**
 * The one output channel. Linting never raises a popup: what goes wrong is written here, with its stack, and the person
 * finds it through `Failover: Show Log`.
 */
export class Log implements vscode.Disposable {
  readonly #channel = vscode.window.createOutputChannel('Failover Lens', { log: true });

  info(message: string): void {
    this.#channel.info(message);
  }

  debug(message: string): void {
    this.#channel.debug(message);
  }

  warn(message: string): void {
    this.#channel.warn(message);
  }

  /** What was being done, and what was thrown there. */
  error(doing: string, thrown: unknown): void {
    this.#channel.error(`${doing}: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
