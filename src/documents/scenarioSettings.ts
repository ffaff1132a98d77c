import { parseDurationMs } from './durationText';
import type { JsonNode, JsonObject } from './json';
import { FieldReader, fieldOf } from './jsonFields';
import {
  type DelayMs,
  type OpenQuestions,
  openQuestions,
  type ScenarioSettings,
  scenarioLimits,
  type TimeSetting,
  timeSettings,
} from './scenarioDeclaration';
import type { Located } from './span';

const otherSettings = [
  'kafkaVersion',
  'eligible.leader.replicas.version',
  'auto.leader.rebalance.enable',
  'catchUp',
  'activeController',
  'order',
  'openQuestions',
];

/** Kafka's defaults of the two settings that depend on each other. Source: `KRaftConfigs`. */
const sessionTimeoutMs = 9_000;
const heartbeatIntervalMs = 2_000;

export const noSettings: ScenarioSettings = {
  kafkaVersion: null,
  eligibleLeaderReplicas: null,
  autoLeaderRebalance: null,
  times: new Map(),
  catchUpMs: null,
  activeController: null,
  order: null,
  openQuestions: {},
};

/** Reads `settings`: how the cluster is configured, by Kafka's own names where Kafka has them. */
export class SettingsReader extends FieldReader {
  read(root: JsonObject): ScenarioSettings {
    const settings = this.object(root, 'settings');
    if (settings === undefined) return noSettings;
    this.checkNames(settings, [...timeSettings, ...otherSettings], 'settings');
    const elr = this.number(settings, 'eligible.leader.replicas.version', 0, 1);
    return {
      kafkaVersion: this.version(settings),
      eligibleLeaderReplicas: elr && { value: elr.value === 1, span: elr.span },
      autoLeaderRebalance: this.boolean(settings, 'auto.leader.rebalance.enable'),
      times: this.times(settings),
      catchUpMs: this.catchUp(settings),
      activeController: this.number(settings, 'activeController', 0, Number.MAX_SAFE_INTEGER),
      order: this.ids(settings, 'order'),
      openQuestions: this.openQuestions(settings),
    };
  }

  private version(settings: JsonObject): Located<string> | null {
    const value = fieldOf(settings, 'kafkaVersion');
    if (value?.type === 'number') {
      this.invalid(value.span, 'Write the version in quotes, "3.9": as a number, 3.10 would be 3.1.');
      return null;
    }
    const written = this.string(settings, 'kafkaVersion');
    if (written === null || /^\d{1,3}\.\d{1,3}(?:\.|$)/.test(written.value)) return written;
    this.invalid(written.span, 'A version of Apache Kafka looks like "4.1" or "3.9.1".');
    return null;
  }

  private times(settings: JsonObject): ReadonlyMap<TimeSetting, Located<number>> {
    const times = new Map<TimeSetting, Located<number>>();
    for (const name of timeSettings) {
      const perUnit = name.endsWith('.seconds') ? 1_000 : 1;
      // The quorum's linger and the fetch backoff may be 0; everything else is a period or a timeout.
      const min =
        name.endsWith('.linger.ms') || name.endsWith('backoff.ms') || name.endsWith('.backoff.max.ms') ? 0 : 1;
      const found = this.number(settings, name, min, scenarioLimits.timeMaxMs / perUnit);
      if (found !== null) times.set(name, found);
    }
    const session = times.get('broker.session.timeout.ms');
    const heartbeat = times.get('broker.heartbeat.interval.ms');
    if ((heartbeat?.value ?? heartbeatIntervalMs) >= (session?.value ?? sessionTimeoutMs)) {
      const at = heartbeat ?? session;
      const message =
        'broker.heartbeat.interval.ms must be shorter than broker.session.timeout.ms, or every broker is fenced.';
      if (at !== undefined) this.invalid(at.span, message);
    }
    return times;
  }

  /** One time, or the best and the worst case. */
  private catchUp(settings: JsonObject): DelayMs | null {
    const value = fieldOf(settings, 'catchUp');
    if (value === null) return null;
    const ends: readonly JsonNode[] = value.type === 'array' ? value.items : [value, value];
    const [best, worst] = ends.map((end) => (end.type === 'string' ? parseDurationMs(end.value) : null));
    const isRange = ends.length === 2 && typeof best === 'number' && typeof worst === 'number';
    if (isRange && best <= worst && worst <= scenarioLimits.timeMaxMs) return { best, worst };
    this.invalid(value.span, 'catchUp is a time, "30 s", or the best and the worst case, ["10 s", "2 min"].');
    return null;
  }

  private openQuestions(settings: JsonObject): OpenQuestions {
    const questions = this.object(settings, 'openQuestions');
    if (questions === undefined) return {};
    this.checkNames(questions, Object.keys(openQuestions), 'openQuestions');
    const answer = <T extends string>(key: string, readings: readonly T[]): T | undefined =>
      this.choice(questions, key, readings, 'reading of this')?.value;
    const demotion = answer('demotion', openQuestions.demotion);
    const observerLeaderAdmitsAll = answer('observerLeaderAdmitsAll', openQuestions.observerLeaderAdmitsAll);
    const caughtUp = answer('caughtUp', openQuestions.caughtUp);
    const minIsrCapCounts = answer('minIsrCapCounts', openQuestions.minIsrCapCounts);
    const brokerLinkCut = answer('brokerLinkCut', openQuestions.brokerLinkCut);
    return {
      ...(demotion === undefined ? {} : { demotion }),
      ...(observerLeaderAdmitsAll === undefined ? {} : { observerLeaderAdmitsAll }),
      ...(caughtUp === undefined ? {} : { caughtUp }),
      ...(minIsrCapCounts === undefined ? {} : { minIsrCapCounts }),
      ...(brokerLinkCut === undefined ? {} : { brokerLinkCut }),
    };
  }
}
