import * as vscode from 'vscode';
import { createAssessor } from '../analysis/assess';
import type { TopicAssessment } from '../analysis/assessment';
import type { ProofResult } from '../analysis/prove';
import { type Scenario, scenarioId } from '../analysis/scenario';
import type { Cluster } from '../kafka/cluster';
import type { Place } from '../kafka/origin';
import type { Topic } from '../kafka/topic';
import type { HostToPage, PageToHost } from '../panel/protocol';
import { panelHtml } from '../panel/shell';
import type { Fix } from '../rules/finding';
import type { Timeline } from '../simulator/timeline';
import { toWorkspaceEdit } from './codeActions';
import { commandIds } from './commandIds';
import type { LinkTarget } from './facts';
import type { Log } from './log';
import { openFile } from './openFile';
import { harmTo } from './panelHelp';
import { readPageMessage, readPanelState } from './panelMessages';
import { panelView, type ShownTopic, topicToShow } from './panelModel';
import { toRange } from './positions';
import { proveClaims } from './proofs';
import { Slices } from './slices';
import { listTopics, type TopicEntry } from './topics';
import type { SyncedAnalysis, WorkspaceSync } from './workspaceSync';

/** Known to package.json's activation events and to windows that were closed with the panel open. */
export const panelType = 'failoverLens.simulation';

/** At most so many simulated changes are offered under *What would help*. */
const helpCountMax = 3;

/**
 * The host's side of the panel: one per window, opened beside the editor without taking the focus, fed after each
 * analysis, restored after a reload. Everything the page says is checked; it can only point at what it was shown.
 */
export class PanelHost implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #sync: WorkspaceSync;
  readonly #extensionUri: vscode.Uri;
  readonly #log: Log;
  readonly #assessor = createAssessor();
  readonly #subscriptions: readonly vscode.Disposable[];
  #panel: vscode.WebviewPanel | null = null;
  #pageReady = false;
  #topic: string | null = null;
  /** The file that was open when the person asked: one of its topics is meant, until they choose another. */
  #file: string | null = null;
  #scenario: string | null = null;
  #shown: ShownTopic | null = null;
  #links: ReadonlyMap<string, LinkTarget> = new Map();
  #help: readonly Fix[] = [];
  /** Simulated changes by the key of the topic that they help. */
  readonly #helps = new WeakMap<SyncedAnalysis, Map<string, readonly Fix[]>>();
  /** The topic whose help and proofs are being worked out: a click in the table must not begin them anew. */
  #workedOut: { readonly analysis: SyncedAnalysis; readonly key: string } | null = null;
  /** Counts what was asked to be shown. */
  #wishes = 0;
  readonly #played = new WeakMap<Cluster, WeakMap<Topic, Map<string, Timeline | null>>>();
  /** What was proved of the topic that is shown; by its assessment, which is another one after each change. */
  readonly #proofs = new WeakMap<TopicAssessment, readonly ProofResult[]>();

  constructor(sync: WorkspaceSync, extensionUri: vscode.Uri, log: Log) {
    this.#sync = sync;
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(panelType, this),
      sync.onWillAnalyse(() => this.#post({ kind: 'busy' })),
      sync.onDidAnalyse(() => void this.#show()),
    ];
  }

  /** Shows a topic, or the worst one of a file; reads the whole folder if that was not done yet. */
  open(wanted: { readonly topic: string } | { readonly file: string | null }): void {
    if ('topic' in wanted) this.#choose(wanted.topic);
    else this.#file = wanted.file;
    this.#sync.readFolder();
    if (this.#panel !== null) {
      this.#panel.reveal(undefined, true);
      void this.#show();
      return;
    }
    const options = { enableScripts: true, localResourceRoots: this.#resourceRoots() };
    const show = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#adopt(vscode.window.createWebviewPanel(panelType, 'Failover simulation', show, options));
  }

  /** A window was reloaded with the panel open. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { topic, scenario } = readPanelState(state);
    this.#topic = topic;
    this.#scenario = scenario;
    panel.webview.options = { enableScripts: true, localResourceRoots: this.#resourceRoots() };
    this.#adopt(panel);
    this.#sync.readFolder();
    return Promise.resolve();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#panel?.dispose();
  }

  #resourceRoots(): vscode.Uri[] {
    return [vscode.Uri.joinPath(this.#extensionUri, 'dist')];
  }

  #adopt(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    this.#pageReady = false;
    const { webview } = panel;
    const resource = (...path: string[]) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, ...path)).toString();
    panel.iconPath = vscode.Uri.joinPath(this.#extensionUri, 'media', 'icon.svg');
    webview.onDidReceiveMessage((message: unknown) => {
      const said = readPageMessage(message);
      if (said === null) this.#log.warn(`The panel said something unknown: ${JSON.stringify(message)}`);
      else this.#hear(said).catch((thrown: unknown) => this.#log.error(`The panel asked to ${said.kind}`, thrown));
    });
    panel.onDidDispose(() => {
      if (this.#panel === panel) this.#panel = null;
    });
    webview.html = panelHtml({
      cspSource: webview.cspSource,
      nonce: crypto.randomUUID().replaceAll('-', ''),
      scriptUri: resource('dist', 'panel.js'),
      styleUri: resource('dist', 'panel.css'),
    });
  }

  async #hear(said: PageToHost): Promise<void> {
    switch (said.kind) {
      case 'ready':
        this.#pageReady = true;
        this.#topic ??= said.topic;
        this.#scenario ??= said.scenario;
        return this.#show();
      case 'selectTopic':
        this.#choose(said.topic);
        return this.#show();
      case 'selectScenario':
        this.#scenario = said.scenario;
        return this.#show();
      case 'open':
        return this.#follow(said.link);
      case 'apply':
        return this.#apply(said.help);
      case 'copy':
        return vscode.env.clipboard.writeText(said.text);
      case 'createClusterFile':
        return vscode.commands.executeCommand(commandIds.createClusterFile, this.#shown?.file);
      default:
        return said satisfies never;
    }
  }

  #choose(topic: string): void {
    this.#topic = topic;
    this.#file = null;
    this.#scenario = null;
  }

  /** Sends the present answer, then, once they are worked out, the changes that would help and what is proved. */
  async #show(): Promise<void> {
    const wish = ++this.#wishes;
    const analysis = await this.#sync.whenRested();
    if (this.#panel === null || !this.#pageReady || analysis === null) return;
    const isLatest = (): boolean => this.#panel !== null && this.#sync.analysis === analysis;
    // A person who picks one topic after another wants the last: each time they ask, all former wishes are dropped.
    const isWanted = (): boolean => isLatest() && this.#wishes === wish;
    if (!isWanted()) return;
    const request = { topic: this.#topic, file: this.#file, previous: this.#shown };
    const next = topicToShow(listTopics(analysis), request);
    // An analysis holds what findings rest on; the whole table of failures is simulated for whoever is looked at.
    const slices = new Slices();
    if (next !== undefined && (await slices.run(next.topic.everyFailureInSteps(), isWanted)) === null) return;
    // Playing the failure out cannot be divided.
    await slices.yield();
    if (!isWanted()) return;
    const key = this.#send(analysis)?.key;
    const entry = listTopics(analysis).find((one) => one.key === key);
    if (entry === undefined) return;
    if (this.#workedOut?.analysis === analysis && this.#workedOut.key === entry.key) return;
    const work = { analysis, key: entry.key };
    this.#workedOut = work;
    const isCurrent = (): boolean => isLatest() && this.#topic === entry.key && this.#workedOut === work;
    try {
      if ((await this.#simulateHelp(analysis, entry, isCurrent)) && isCurrent()) this.#send(analysis);
      if ((await this.#prove(entry, isCurrent)) && isCurrent()) this.#send(analysis);
    } finally {
      if (this.#workedOut === work) this.#workedOut = null;
    }
  }

  /** Proves what can be proved of a topic, in slices, for as long as it is shown. Says whether there is news. */
  async #prove(entry: TopicEntry, isCurrent: () => boolean): Promise<boolean> {
    // Of a topic that takes no writes as it is, nothing is promised that could be proved.
    const hasPromise = !entry.refused && entry.topic.headroom !== null;
    if (!isCurrent() || !hasPromise || this.#proofs.has(entry.topic)) return false;
    const proved = await new Slices().run(proveClaims(entry.cluster, entry.topic.topic), isCurrent);
    if (proved === null) return false;
    this.#proofs.set(entry.topic, proved.value);
    return true;
  }

  #send(analysis: SyncedAnalysis): ShownTopic | null {
    const { message, shown, links } = panelView({
      analysis,
      topic: this.#topic,
      file: this.#file,
      scenario: this.#scenario,
      helpOf: (key) => this.#helpOf(analysis, key),
      proofsOf: (topic) => this.#proofs.get(topic) ?? [],
      previous: this.#shown,
      playOut: (cluster, topic, scenario) => this.#playOut(cluster, topic, scenario),
      linesOf: (uri) => analysis.snapshot(uri)?.lines,
      nameOf: (uri) => vscode.workspace.asRelativePath(vscode.Uri.parse(uri)),
    });
    this.#links = links;
    this.#post(message);
    if (shown === null) return null;
    this.#shown = shown;
    this.#topic = shown.key;
    this.#file = null;
    this.#help = this.#helpOf(analysis, shown.key);
    return shown;
  }

  /** Shown again when help or proofs are known, a topic is not played out again. */
  #playOut(cluster: Cluster, topic: Topic, scenario: Scenario): Timeline | null {
    const inCluster = this.#played.get(cluster) ?? new WeakMap<Topic, Map<string, Timeline | null>>();
    const ofTopic = inCluster.get(topic) ?? new Map<string, Timeline | null>();
    this.#played.set(cluster, inCluster.set(topic, ofTopic));
    const played = ofTopic.get(scenarioId(scenario)) ?? this.#assessor.playOut(cluster, topic, scenario);
    ofTopic.set(scenarioId(scenario), played);
    return played;
  }

  #helpOf(analysis: SyncedAnalysis, key: string): readonly Fix[] {
    return this.#helps.get(analysis)?.get(key) ?? [];
  }

  /** Simulates the fixes of what is wrong with a topic, preferred ones first. Says whether there is news. */
  async #simulateHelp(
    analysis: SyncedAnalysis,
    { topic, key }: TopicEntry,
    isCurrent: () => boolean,
  ): Promise<boolean> {
    const known = this.#helps.get(analysis) ?? new Map<string, readonly Fix[]>();
    if (known.has(key)) return false;
    const slices = new Slices();
    const fixes: Fix[] = [];
    for (const finding of harmTo(topic, analysis)) {
      if (fixes.length >= helpCountMax) break;
      await slices.next();
      if (!isCurrent()) return false;
      try {
        const offered = await this.#sync.fixes(finding);
        fixes.push(...offered.filter((fix) => !fixes.some(({ title }) => title === fix.title)));
      } catch (thrown) {
        this.#log.error(`Looking for fixes of ${finding.code}`, thrown);
      }
    }
    const help = fixes.sort((a, b) => Number(b.preferred) - Number(a.preferred)).slice(0, helpCountMax);
    this.#helps.set(analysis, known.set(key, help));
    return help.length > 0;
  }

  #post(message: HostToPage): void {
    if (this.#panel !== null && this.#pageReady) void this.#panel.webview.postMessage(message);
  }

  async #follow(link: string): Promise<void> {
    const target = this.#links.get(link);
    switch (target?.kind) {
      case undefined:
        return;
      case 'setting':
        await vscode.commands.executeCommand('workbench.action.openSettings', target.name);
        return;
      case 'cluster-file':
        await vscode.commands.executeCommand(commandIds.createClusterFile, this.#shown?.file);
        return;
      case 'place':
        await this.#goTo(target.place);
    }
  }

  async #goTo(place: Place): Promise<void> {
    const snapshot = this.#sync.analysis?.snapshot(place.uri);
    await openFile(vscode.Uri.parse(place.uri), {
      viewColumn: vscode.ViewColumn.One,
      ...(snapshot === undefined ? {} : { selection: toRange(snapshot, place) }),
    });
  }

  /** The same edit as the code action, undoable in the editor. */
  async #apply(id: string): Promise<void> {
    const fix = this.#help[Number(id)];
    const analysis = this.#sync.analysis;
    const edit = fix === undefined || analysis === null ? null : toWorkspaceEdit([fix], analysis);
    if (edit === null) return;
    await vscode.workspace.applyEdit(edit);
    this.#sync.flush();
  }
}
