import { parseDurationMs } from './durationText';
import { type JsonNode, type JsonObject, member } from './json';
import { FieldReader, fieldOf, opening, shown } from './jsonFields';
import { nearestName } from './nearestName';
import { type ScenarioAction, type ScenarioStepDeclaration, scenarioLimits } from './scenarioDeclaration';
import { observersProblem } from './scenarioObservers';
import type { Located } from './span';

type ActionName = ScenarioAction['do'];

const uncleanKey = 'unclean.leader.election.enable';

/** What each action may say beside itself. */
const fieldsOf: Readonly<Record<ActionName, readonly string[]>> = {
  'crash-brokers': ['brokers'],
  'power-loss': ['brokers', 'lostRecords'],
  'stop-brokers': ['brokers'],
  'return-brokers': ['brokers'],
  'freeze-brokers': ['brokers'],
  'resume-brokers': ['brokers'],
  'slow-replicas': ['brokers'],
  'recover-replicas': ['brokers'],
  'cut-off-brokers': ['brokers', 'withControllers'],
  'reconnect-brokers': ['brokers'],
  'lose-datacenter': ['datacenter', 'withControllers', 'lostRecords'],
  'return-datacenter': ['datacenter'],
  'isolate-datacenter': ['datacenter'],
  'rejoin-datacenter': ['datacenter'],
  'cut-link': ['between', 'scope'],
  'heal-link': ['between'],
  'lose-controllers': ['controllers'],
  'return-controllers': ['controllers'],
  'set-min-isr': ['min.insync.replicas'],
  'set-unclean-election': [uncleanKey],
  'elect-leader': ['election'],
  reassign: ['replicas', 'observers'],
};

/** The names that a step's `do` may have, in the order of the documentation. */
export const actionNames: readonly string[] = Object.keys(fieldsOf);

const timing = 'Say when: "at": "12 s", or "when": "settled".';

/** Reads `steps`: what happens and when, in order. A step of which no sense can be made is left out, and reported. */
export class StepsReader extends FieldReader {
  #latestMs = 0;
  readonly #steps: ScenarioStepDeclaration[] = [];

  read(root: JsonObject): readonly ScenarioStepDeclaration[] {
    const steps = fieldOf(root, 'steps');
    if (steps === null) {
      this.invalid(opening(root), 'Say what happens: "steps": [{ "at": "0 s", "do": "lose-datacenter", … }].');
      return [];
    }
    if (steps.type !== 'array') {
      this.invalid(steps.span, 'steps is a list: [{ "at": "0 s", "do": "lose-datacenter", … }].');
      return [];
    }
    const beyond = steps.items[scenarioLimits.stepsMax];
    if (beyond !== undefined) {
      this.invalid(
        beyond.span,
        `A scenario has at most ${scenarioLimits.stepsMax} steps; this one and those below are left out.`,
      );
    }
    for (const item of steps.items.slice(0, scenarioLimits.stepsMax)) this.readStep(item);
    return this.#steps;
  }

  private readStep(node: JsonNode): void {
    if (node.type !== 'object') {
      this.invalid(node.span, 'A step is an object: { "at": "0 s", "do": "lose-datacenter", "datacenter": "west" }.');
      return;
    }
    const when = this.readWhen(node);
    const name = this.actionName(node);
    if (name === null) return;
    this.checkNames(node, ['at', 'when', 'do', ...fieldsOf[name]], `"${name}"`);
    const action = this.readAction(node, name);
    if (action !== null && when !== null) this.#steps.push({ span: node.span, when, action });
  }

  private actionName(step: JsonObject): ActionName | null {
    if (fieldOf(step, 'do') === null) {
      this.invalid(opening(step), `Say what happens, "do": one of ${actionNames.join(', ')}.`);
      return null;
    }
    const written = this.string(step, 'do');
    if (written === null) return null;
    if (isActionName(written.value)) return written.value;
    const nearest = nearestName(written.value, actionNames);
    const meant = nearest === undefined ? `It is one of ${actionNames.join(', ')}.` : `Did you mean ${nearest}?`;
    this.invalid(written.span, `Nothing is called ${shown(written.value)}. ${meant}`);
    return null;
  }

  /** A step happens at a time or when all has settled; the first one at once, unless it says otherwise. */
  private readWhen(step: JsonObject): ScenarioStepDeclaration['when'] | null {
    const [at, when] = [member(step, 'at'), member(step, 'when')];
    if (at !== undefined && when !== undefined) {
      this.invalid(when.key.span, 'A step has either a time, "at", or "when": "settled".');
    }
    if (at !== undefined) return at.value === undefined ? null : this.readTime(at.value);
    if (when !== undefined) {
      const settled = this.choice(step, 'when', ['settled'], 'moment');
      return settled === null ? null : 'settled';
    }
    if (this.#steps.length === 0) return 0;
    this.invalid(opening(step), timing);
    return null;
  }

  private readTime(node: JsonNode): number | null {
    const ms = node.type === 'string' ? parseDurationMs(node.value) : null;
    if (ms === null) {
      this.invalid(node.span, 'A time has a number and its unit: "500 ms", "12 s", "2 min" or "1 h".');
      return null;
    }
    if (ms > scenarioLimits.timeMaxMs) {
      this.invalid(node.span, 'A scenario lasts at most "24 h".');
      return null;
    }
    if (ms < this.#latestMs) {
      this.invalid(node.span, 'Steps stand in the order of their times; this one is earlier than the step before.');
      return null;
    }
    this.#latestMs = Math.max(this.#latestMs, ms);
    return ms;
  }

  private readAction(step: JsonObject, name: ActionName): ScenarioAction | null {
    switch (name) {
      case 'crash-brokers':
      case 'stop-brokers':
      case 'return-brokers':
      case 'freeze-brokers':
      case 'resume-brokers':
      case 'slow-replicas':
      case 'recover-replicas':
      case 'reconnect-brokers': {
        const brokers = this.someIds(step, 'brokers');
        return brokers && { do: name, brokers };
      }
      case 'power-loss': {
        const brokers = this.someIds(step, 'brokers');
        return brokers && { do: name, brokers, lostRecords: this.lostRecords(step, 1) };
      }
      case 'cut-off-brokers': {
        const brokers = this.someIds(step, 'brokers');
        return brokers && { do: name, brokers, withControllers: this.withControllers(step) };
      }
      case 'lose-datacenter': {
        const datacenter = this.datacenter(step);
        const withControllers = this.withControllers(step);
        return datacenter && { do: name, datacenter, withControllers, lostRecords: this.lostRecords(step, 0) };
      }
      case 'return-datacenter':
      case 'isolate-datacenter':
      case 'rejoin-datacenter': {
        const datacenter = this.datacenter(step);
        return datacenter && { do: name, datacenter };
      }
      case 'cut-link': {
        const between = this.between(step);
        const scope = this.choice(step, 'scope', ['brokers', 'controllers', 'both'], 'part of a link');
        return between && { do: name, between, scope: scope?.value ?? 'both' };
      }
      case 'heal-link': {
        const between = this.between(step);
        return between && { do: name, between };
      }
      case 'lose-controllers':
      case 'return-controllers': {
        const controllers = this.someIds(step, 'controllers');
        return controllers && { do: name, controllers };
      }
      case 'set-min-isr': {
        const minIsr = this.minIsr(step);
        return minIsr && { do: name, minIsr: minIsr.value };
      }
      case 'set-unclean-election': {
        const enabled = this.needed(step, uncleanKey, 'true') ? this.boolean(step, uncleanKey) : null;
        return enabled && { do: name, enabled: enabled.value };
      }
      case 'elect-leader': {
        const election = this.election(step);
        return election && { do: name, election: election.value };
      }
      case 'reassign':
        return this.reassignment(step);
    }
  }

  private election(step: JsonObject): Located<'preferred' | 'unclean'> | null {
    if (!this.needed(step, 'election', '"unclean"')) return null;
    return this.choice(step, 'election', ['preferred', 'unclean'], 'election');
  }

  private reassignment(step: JsonObject): ScenarioAction | null {
    const replicas = this.someIds(step, 'replicas');
    const observers = this.ids(step, 'observers') ?? [];
    const problem = replicas && observersProblem(replicas, observers);
    if (problem !== null) this.invalid(problem.span, problem.message);
    return replicas === null || problem !== null ? null : { do: 'reassign', replicas, observers };
  }

  private minIsr(step: JsonObject): Located<number> | null {
    if (!this.needed(step, 'min.insync.replicas', '2')) return null;
    return this.number(step, 'min.insync.replicas', 1, scenarioLimits.replicasMax);
  }

  /** A list of ids with at least one in it: a fault that hits nobody is a slip of the pen. */
  private someIds(step: JsonObject, key: string): readonly Located<number>[] | null {
    if (!this.needed(step, key, '[1, 2]')) return null;
    const found = this.ids(step, key);
    const written = fieldOf(step, key);
    if (found?.length === 0 && written?.type === 'array' && written.items.length === 0) {
      this.invalid(written.span, `${key} is empty: name at least one.`);
    }
    return found === null || found.length === 0 ? null : found;
  }

  private datacenter(step: JsonObject): Located<string> | null {
    return this.needed(step, 'datacenter', '"west"') ? this.string(step, 'datacenter') : null;
  }

  private between(step: JsonObject): readonly [Located<string>, Located<string>] | null {
    if (!this.needed(step, 'between', '["west", "east"]')) return null;
    const value = fieldOf(step, 'between');
    const names = value?.type === 'array' ? value.items.filter((item) => item.type === 'string') : [];
    const [left, right] = names;
    if (value?.type === 'array' && value.items.length === 2 && left && right && left.value !== right.value) {
      return [left, right];
    }
    if (value !== null) this.invalid(value.span, 'A link is between two datacenters: ["west", "east"].');
    return null;
  }

  private withControllers(step: JsonObject): boolean {
    return this.boolean(step, 'withControllers')?.value ?? true;
  }

  private lostRecords(step: JsonObject, absent: number): number {
    return this.number(step, 'lostRecords', 0, scenarioLimits.lostRecordsMax)?.value ?? absent;
  }

  private needed(step: JsonObject, key: string, example: string): boolean {
    if (fieldOf(step, key) !== null) return true;
    this.invalid(opening(step), `"${key}" is missing: "${key}": ${example}.`);
    return false;
  }
}

function isActionName(name: string): name is ActionName {
  return Object.hasOwn(fieldsOf, name);
}
