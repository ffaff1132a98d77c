import * as vscode from 'vscode';
import { mayDeclare } from '../documents/read';
import type { Finding, Fix } from '../rules/finding';
import type { Analysis, Settings, Workspace } from '../workspace/api';
import { Debouncer } from './debouncer';
import {
  findCandidates,
  isCandidate,
  onDidChangeExcludes,
  readFromDisk,
  watchCandidates,
  workspaceFileCountMax,
} from './files';
import type { Log } from './log';
import { TextSnapshot } from './positions';
import { Slices } from './slices';

/** How long hands must rest before the cheap rules run, and before everything is simulated anew without a save. */
const lintAfterMs = 300;
const simulateAfterMs = 1_000;
/** A branch switch changes many files at once: they are looked at together. */
const rescanAfterMs = 500;
/** Files asked of the file system at the same time. */
const readsAtOnce = 64;

/** The cheap rules' findings for one open document, in the offsets of `snapshot`. */
export interface Lint {
  readonly document: vscode.TextDocument;
  readonly snapshot: TextSnapshot;
  readonly findings: readonly Finding[];
}

/** An analysis together with the texts that its offsets speak of. */
export interface SyncedAnalysis extends Analysis {
  snapshot(uri: string): TextSnapshot | undefined;
  /** Findings of the cheap rules alone, for documents that were open. */
  lintOf(uri: string): readonly Finding[];
}

/**
 * Keeps a {@link Workspace} in step with the editor: an open document's text wins over the disk, files of the folder
 * are read once something of ours is open, and one queue does the work in slices. Consumers listen to its events and ask
 * {@link whenCurrent} before they use offsets.
 */
export class WorkspaceSync implements vscode.Disposable {
  readonly #workspace: Workspace;
  readonly #log: Log;
  readonly #disposables: vscode.Disposable[] = [];
  readonly #linted = new vscode.EventEmitter<Lint>();
  readonly #analysing = new vscode.EventEmitter<void>();
  readonly #analysed = new vscode.EventEmitter<SyncedAnalysis>();
  readonly onDidLint = this.#linted.event;
  /** Before a simulation, which may take a while. */
  readonly onWillAnalyse = this.#analysing.event;
  readonly onDidAnalyse = this.#analysed.event;
  readonly #rested = new vscode.EventEmitter<void>();
  /** When nothing is left to do, whether or not it succeeded. */
  readonly onDidRest = this.#rested.event;

  #disposed = false;
  #pumping = false;
  /** The whole folder is read only once a file of ours is open, or the person asks for the panel. */
  #folderWanted = false;
  /** Whether an analysis has seen it. */
  #folderKnown = false;
  #rescanWanted = false;
  #analysisWanted = false;
  #analysis: SyncedAnalysis | null = null;
  readonly #unread = new Map<string, vscode.Uri>();
  readonly #unlinted = new Set<string>();
  readonly #snapshots = new Map<string, TextSnapshot>();
  readonly #folderFiles = new Set<string>();
  readonly #timers = new Debouncer();

  constructor(workspace: Workspace, log: Log) {
    this.#workspace = workspace;
    this.#log = log;
    const watcher = watchCandidates();
    this.#disposables.push(
      this.#linted,
      this.#analysing,
      this.#analysed,
      this.#rested,
      watcher,
      watcher.onDidCreate(() => this.#rescanSoon()),
      watcher.onDidDelete(() => this.#rescanSoon()),
      watcher.onDidChange((uri) => this.#changedOnDisk(uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#rescanSoon()),
      onDidChangeExcludes(() => this.#rescanSoon()),
      vscode.workspace.onDidDeleteFiles(() => this.#rescanSoon()),
      vscode.workspace.onDidRenameFiles(() => this.#rescanSoon()),
      vscode.workspace.onDidOpenTextDocument((document) => this.#opened(document)),
      vscode.workspace.onDidChangeTextDocument((change) => this.#typed(change)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#simulateNow(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
    );
  }

  /** The last analysis; its offsets may be older than the documents, see {@link whenCurrent}. */
  get analysis(): SyncedAnalysis | null {
    return this.#analysis;
  }

  /** Takes new settings over. */
  configure(settings: Settings): void {
    this.#workspace.configure(settings);
    this.#simulateAll();
  }

  /** Begins with the documents that are open already. */
  start(): void {
    this.#simulateAll();
  }

  /** Reads the whole folder even if no file of ours is open, for a person who asks for the simulation. */
  readFolder(): void {
    if (this.#folderWanted) return;
    this.#folderWanted = true;
    this.#rescanWanted = true;
    this.#analysisWanted = true;
    this.#wake();
  }

  /** Brings everything up to date without waiting for hands to rest. */
  flush(): void {
    for (const document of openCandidates()) if (this.#isBehind(document)) this.#simulateNow(document);
  }

  #simulateAll(): void {
    for (const document of openCandidates()) this.#readAgain(document);
    this.#analysisWanted = true;
    this.#wake();
  }

  /** The analysis that has seen this version of the document, or `null` if the request is cancelled before. */
  whenCurrent(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<SyncedAnalysis | null> {
    if (!isCandidate(document) || token.isCancellationRequested) return Promise.resolve(null);
    if (this.#analysis !== null && !this.#isBehind(document)) return Promise.resolve(this.#analysis);
    return new Promise((resolve) => {
      const subscriptions = [
        this.onDidAnalyse((analysis) => {
          if (!this.#isBehind(document)) finish(analysis);
        }),
        token.onCancellationRequested(() => finish(null)),
      ];
      function finish(analysis: SyncedAnalysis | null): void {
        for (const subscription of subscriptions) subscription.dispose();
        resolve(analysis);
      }
    });
  }

  /** The analysis once nothing is left to do; `null` if it failed. */
  whenRested(): Promise<SyncedAnalysis | null> {
    if (!this.#pumping) return Promise.resolve(this.#analysis);
    return new Promise((resolve) => {
      const subscription = this.onDidRest(() => {
        subscription.dispose();
        resolve(this.#analysis);
      });
    });
  }

  fixes(finding: Finding): Promise<readonly Fix[]> {
    return this.#workspace.fixes(finding, new Slices().breathe);
  }

  dispose(): void {
    this.#disposed = true;
    this.#timers.dispose();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #isBehind(document: vscode.TextDocument): boolean {
    return this.#analysis?.snapshot(document.uri.toString())?.version !== document.version;
  }

  #opened(document: vscode.TextDocument): void {
    if (isCandidate(document)) this.#simulateNow(document);
  }

  #typed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    if (contentChanges.length === 0 || !isCandidate(document)) return;
    const uri = document.uri.toString();
    this.#after(lintAfterMs, `lint ${uri}`, () => this.#readAgain(document));
    this.#after(simulateAfterMs, 'simulate', () => {
      this.#analysisWanted = true;
    });
  }

  #simulateNow(document: vscode.TextDocument): void {
    if (!isCandidate(document)) return;
    this.#timers.cancel(`lint ${document.uri.toString()}`);
    this.#readAgain(document);
    this.#analysisWanted = true;
    this.#wake();
  }

  #readAgain(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    this.#unread.set(uri, document.uri);
    this.#unlinted.add(uri);
  }

  #closed(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    this.#timers.cancel(`lint ${uri}`);
    this.#unlinted.delete(uri);
    if (!this.#snapshots.has(uri)) return;
    this.#unread.set(uri, document.uri);
    this.#analysisWanted = true;
    this.#wake();
  }

  #changedOnDisk(uri: vscode.Uri): void {
    if (!this.#folderFiles.has(uri.toString()) || openDocument(uri.toString()) !== undefined) return;
    this.#after(rescanAfterMs, `read ${uri.toString()}`, () => {
      this.#unread.set(uri.toString(), uri);
      this.#analysisWanted = true;
    });
  }

  #rescanSoon(): void {
    if (!this.#folderWanted) return;
    this.#after(rescanAfterMs, 'rescan', () => {
      this.#rescanWanted = true;
      this.#analysisWanted = true;
    });
  }

  #after(delayMs: number, name: string, run: () => void): void {
    this.#timers.after(delayMs, name, () => {
      run();
      this.#wake();
    });
  }

  #wake(): void {
    if (this.#pumping || this.#disposed) return;
    this.#pumping = true;
    void this.#pump();
  }

  /** One worker, one thing at a time: files are read, then open ones linted, then everything is analysed. */
  async #pump(): Promise<void> {
    const slices = new Slices();
    try {
      while (!this.#disposed && (await this.#step(slices))) await slices.next();
    } catch (thrown) {
      this.#log.error('Keeping up with the workspace', thrown);
    } finally {
      this.#pumping = false;
      this.#rested.fire();
    }
  }

  /** Does the most urgent thing; false when there is none. */
  async #step(slices: Slices): Promise<boolean> {
    if (this.#unread.size > 0) {
      await this.#readSome(slices);
      return true;
    }
    const [unlinted] = this.#unlinted;
    if (unlinted !== undefined) {
      this.#unlinted.delete(unlinted);
      await this.#lint(unlinted, slices);
      return true;
    }
    if (this.#rescanWanted) {
      this.#rescanWanted = false;
      await this.#rescan();
      return true;
    }
    if (!this.#analysisWanted) return false;
    this.#analysisWanted = false;
    this.#analysing.fire();
    // What listeners say now (the panel: *simulating*) must be out before the simulation takes the thread.
    await slices.yield();
    await this.#analyse(slices);
    return true;
  }

  async #readSome(slices: Slices): Promise<void> {
    const batch = [...this.#unread].slice(0, readsAtOnce);
    for (const [key] of batch) this.#unread.delete(key);
    const snapshots = await Promise.all(batch.map(([, uri]) => this.#snapshotOf(uri)));
    for (const [index, [key]] of batch.entries()) {
      await this.#put(key, snapshots[index], slices);
      await slices.next();
    }
  }

  /** One file into the workspace; whatever it holds, the queue goes on. */
  async #put(key: string, snapshot: TextSnapshot | undefined, slices: Slices): Promise<void> {
    this.#snapshots.delete(key);
    try {
      if (snapshot === undefined) this.#workspace.removeFile(key);
      else {
        await this.#workspace.setFile(key, snapshot.text, slices.breathe);
        this.#snapshots.set(key, snapshot);
      }
    } catch (thrown) {
      this.#log.error(`Reading ${key}`, thrown);
    }
  }

  async #snapshotOf(uri: vscode.Uri): Promise<TextSnapshot | undefined> {
    const document = openDocument(uri.toString());
    if (document !== undefined) return new TextSnapshot(document.getText(), document.version);
    if (!this.#folderFiles.has(uri.toString())) return undefined;
    const text = await readFromDisk(uri);
    return text === undefined || !mayDeclare(uri.toString(), text) ? undefined : new TextSnapshot(text, null);
  }

  async #lint(uri: string, slices: Slices): Promise<void> {
    const document = openDocument(uri);
    const snapshot = this.#snapshots.get(uri);
    // Before the folder is known nothing is known of the cluster: the cheap rules would speak too soon.
    if (!this.#folderKnown || document === undefined || snapshot?.version !== document.version) return;
    try {
      const found = await slices.run(this.#workspace.lintInSteps(uri), () => snapshot.version === document.version);
      if (found !== null) this.#linted.fire({ document, snapshot, findings: found.value });
    } catch (thrown) {
      this.#log.error(`Checking ${uri}`, thrown);
    }
  }

  async #rescan(): Promise<void> {
    const { uris, cut } = await findCandidates();
    if (cut) this.#log.warn(`Only the first ${workspaceFileCountMax} files of the workspace are read.`);
    const gone = new Set(this.#folderFiles);
    for (const uri of uris) {
      const key = uri.toString();
      gone.delete(key);
      if (!this.#folderFiles.has(key) && openDocument(key) === undefined) this.#unread.set(key, uri);
      this.#folderFiles.add(key);
    }
    for (const key of gone) {
      this.#folderFiles.delete(key);
      this.#unread.set(key, vscode.Uri.parse(key));
    }
  }

  async #analyse(slices: Slices): Promise<void> {
    const startedAt = performance.now();
    try {
      const done = await slices.run(this.#workspace.analyseInSteps());
      if (done === null) return;
      // What listeners do with it gets a slice of its own.
      await slices.yield();
      if (!this.#folderWanted && hasOurs(done.value)) {
        this.readFolder();
        return;
      }
      this.#analysis = this.#synced(done.value);
      this.#folderKnown = this.#folderWanted;
    } catch (thrown) {
      this.#log.error('Simulating', thrown);
      return;
    }
    const topics = this.#analysis.assessments.reduce((sum, { topics }) => sum + topics.length, 0);
    const what = `${this.#analysis.readings.size} files, ${topics} topics`;
    this.#log.debug(`Analysed ${what} in ${Math.round(performance.now() - startedAt)} ms`);
    this.#analysed.fire(this.#analysis);
  }

  /** Binds the analysis to the texts it was made of, and forgets texts that nobody will ask for. */
  #synced(analysis: Analysis): SyncedAnalysis {
    for (const uri of this.#snapshots.keys()) {
      if ((analysis.readings.get(uri)?.format ?? null) === null && openDocument(uri) === undefined) {
        this.#snapshots.delete(uri);
      }
    }
    const snapshots = new Map(this.#snapshots);
    return {
      ...analysis,
      snapshot: (uri) => snapshots.get(uri),
      lintOf: (uri) => this.#workspace.lint(uri),
    };
  }
}

function hasOurs(analysis: Analysis): boolean {
  for (const reading of analysis.readings.values()) if (reading.format !== null) return true;
  return false;
}

function openCandidates(): readonly vscode.TextDocument[] {
  return vscode.workspace.textDocuments.filter(isCandidate);
}

function openDocument(uri: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find(
    (document) => !document.isClosed && isCandidate(document) && document.uri.toString() === uri,
  );
}
