import { causeSentence } from '../analysis/causeWords';
import { type ClientSide, clientSides, lossWords, moment } from '../analysis/clientWords';
import { describeLine } from '../analysis/describeLine';
import { durationRange } from '../analysis/durations';
import { count } from '../analysis/lists';
import { changeWords, stateChanges } from '../analysis/stateChange';
import { visible } from '../analysis/visible';
import type { Mark } from '../analysis/words';
import type { ClientReport, Loss, ScenarioRunReport } from '../simulator/cluster/scenario/timeline';
import type { TimelineStep } from '../simulator/timeline';
import { type PlayedScenario, topicDuring } from './playedScenario';
import { roundsIn } from './rounds';
import { type Paint, painter } from './terminal';

/** A played scenario for people: every step with its state, what clients meet, and the same if nothing came back. */
export function printTimeline(played: PlayedScenario, options: { readonly colour: boolean }): string {
  const { report } = played;
  const paint = painter(options.colour);
  const sections = [
    heading(played),
    stepsText(played, report.timeline.steps),
    clientsText(report.clients, paint),
    verdict(report, paint),
    ...atBestText(played, report, paint),
  ];
  const lasting = report.ifNeverReturned;
  if (lasting !== undefined) {
    const { steps } = lasting.timeline;
    sections.push(
      `If nothing that was lost ever returns\n\n${stepsText(played, steps, steps.length - 1)}`,
      clientsText(lasting.clients, paint),
      verdict(lasting, paint),
    );
  }
  return sections.join('\n');
}

/** The best case, where it takes other steps than the worst: the verdict before it has counted it in. */
function atBestText(played: PlayedScenario, { atBest }: ScenarioRunReport, paint: Paint): readonly string[] {
  if (atBest === undefined) return [];
  return [
    `With every delay at its shortest it goes another way\n\n${stepsText(played, atBest.timeline.steps)}`,
    clientsText(atBest.clients, paint),
  ];
}

function heading({ scenario, topic, setup, cluster }: PlayedScenario): string {
  const observers = setup.observers.length === 0 ? '' : `, observers ${setup.observers.join()} (${setup.policy})`;
  const sync = setup.replicas.filter((id) => !setup.observers.includes(id));
  const places = cluster.datacenters.map(({ name }) => {
    const of = (nodes: readonly { readonly id: number; readonly datacenter: string }[]): string =>
      nodes
        .filter(({ datacenter }) => datacenter === name)
        .map(({ id }) => id)
        .join();
    const parts = [
      ...(of(cluster.brokers) === '' ? [] : [`brokers ${of(cluster.brokers)}`]),
      ...(of(cluster.controllers ?? []) === '' ? [] : [`controllers ${of(cluster.controllers ?? [])}`]),
    ];
    return `  ${visible(name)}: ${parts.join('; ')}\n`;
  });
  return [
    `${visible(scenario.name)}\n\n`,
    `${visible(topic.name.value)}: sync replicas ${sync.join()}${observers}, min.insync.replicas ${setup.minIsr}\n`,
    ...places,
    setup.controllers === null
      ? '  Nobody says where the controllers are: a majority of them is taken to stand.\n'
      : '',
  ].join('');
}

/** The steps from one on, each with its time, its cause, what changed, and the state as Kafka prints it. */
function stepsText({ topic, form }: PlayedScenario, steps: readonly TimelineStep[], from = 0): string {
  const moments = steps.map(({ at }) => (at === null ? '' : moment(at)));
  const width = Math.max(0, ...moments.slice(from).map((time) => time.length)) + 2;
  const told = steps.slice(from).map((step, offset) => {
    const index = from + offset;
    const before = steps[index - 1]?.state;
    const changes = before === undefined || from > 0 ? [] : stateChanges(before, step.state).map(changeWords);
    return {
      time: moments[index] ?? '',
      sentence: visible(causeSentence(step, topicDuring(topic, steps, index))),
      changed: changes.length === 0 ? '' : `${' '.repeat(width)}${changes.join(', ')}\n`,
      described: describeLine(visible(topic.name.value), 0, step.state, form),
    };
  });
  return roundsIn(told, ({ time: _, ...same }) => JSON.stringify(same))
    .flatMap(({ items, repeated, times }) => {
      const texts = items.map(
        ({ time, sentence, changed, described }) => `${time.padEnd(width)}${sentence}\n${changed}${described}\n`,
      );
      const last = repeated.at(-1);
      if (last === undefined) return texts;
      return [...texts, `${' '.repeat(width)}And so on, ${count(times, 'more time')}, until ${last.time}.\n`];
    })
    .join('\n');
}

function clientsText(clients: ClientReport, paint: Paint): string {
  return [
    'Clients\n',
    ...clientSides(clients).map((side) => sideText(side, paint)),
    clients.lost.length === 0 ? '  acknowledged records: none is lost\n' : '  acknowledged records are lost\n',
    ...clients.lost.map((loss) => lossText(loss, paint)),
  ].join('');
}

function sideText({ title, periods }: ClientSide, paint: Paint): string {
  const [first, second] = periods;
  if (first === undefined) return '';
  if (second === undefined) return `  ${title}: ${paint(first.words, first.good ? 'good' : 'bad')}, all the time\n`;
  const lines = periods.map(({ from, to, words, good }) => {
    const until = to === null ? 'on' : `to ${moment(to)}`;
    return `    from ${moment(from)} ${until}: ${paint(words, good ? 'good' : 'warning')}\n`;
  });
  return `  ${title}\n${lines.join('')}`;
}

function lossText({ acks, reason, firstAcknowledgedAt, lastAcknowledgedAt, lostAt }: Loss, paint: Paint): string {
  const [first, last] = [moment(firstAcknowledgedAt), moment(lastAcknowledgedAt)];
  const when = first === last ? `at ${first}` : `from ${first} to ${last}`;
  const mark: Mark = acks === -1 ? 'bad' : 'warning';
  const what = paint(`acknowledged with acks=${acks === -1 ? 'all' : acks} ${when}`, mark);
  return `    ${what}, lost at ${moment(lostAt)}: ${lossWords(reason)}\n`;
}

/** What to take away. */
function verdict({ clients, limitReached }: ScenarioRunReport, paint: Paint): string {
  const lost = clients.lost.some(({ acks }) => acks === -1);
  const sentences = [
    lost
      ? paint('Records acknowledged with acks=all are lost.', 'bad')
      : clients.acknowledgedReadable
        ? paint('No record acknowledged with acks=all is lost.', 'good')
        : paint('No record acknowledged with acks=all is lost yet, but not all of them can be read.', 'warning'),
    writesVerdict(clients, paint),
    ...(limitReached
      ? [paint('Something goes on changing by itself for ever; nothing waits for that.', 'warning')]
      : []),
  ];
  return `${sentences.join(' ')}\n`;
}

function writesVerdict(clients: ClientReport, paint: Paint): string {
  if (!clients.writesAtEnd) return paint('At the end acks=all writes are not accepted.', 'bad');
  const pauses = clients.steps.filter(
    ({ produce }, index) => produce !== 'accepted' && (clients.steps[index - 1]?.produce ?? 'accepted') === 'accepted',
  );
  if (clients.blockedMs === null) return paint('acks=all writes go on.', 'good');
  const length = durationRange(clients.blockedMs);
  const often = pauses.length <= 1 ? `for ${length}` : `${pauses.length} times, the first time for ${length}`;
  return paint(`acks=all writes pause ${often}, and come back.`, 'good');
}
