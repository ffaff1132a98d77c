import { and, capital, or } from '../analysis/lists';
import { driftMessage } from './driftMessages';
import { fileNames } from './fileNames';
import type { FindingFacts, MinIsrFacts, QuorumFacts, RelatedRole, SurvivalFacts, TopicRuleFacts } from './finding';
import { count, quoted, topics } from './phrases';
import { minIsrMessage, quorumMessage, survivalMessage } from './verdictMessages';

type OfTopicsOrQuorum = MinIsrFacts | SurvivalFacts | QuorumFacts;

/**
 * The words of a finding, made from nothing but its data. The first sentence says what will happen, with the numbers;
 * the second says why, or what would be right.
 */
export function message(facts: FindingFacts): string {
  switch (facts.code) {
    case 'json-syntax':
      return `The broker refuses this placement, because it is not JSON. ${facts.detail}`;
    case 'json-duplicate-key':
      return `Only the last ${quoted(facts.key)} counts. The key stands twice in this object, and JSON parsers keep the last one.`;
    case 'wrong-type':
      return facts.converted
        ? `${quoted(facts.field)} is ${facts.found}. It works only because the broker converts it; write ${facts.expected}.`
        : `The broker can't read this placement: ${quoted(facts.field)} is ${facts.found}. It must be ${facts.expected}.`;
    case 'unknown-field':
      return `${quoted(facts.field)} has no effect at best. Replica placement has no such field${meant(facts.nearest)}.`;
    case 'version-missing':
      return 'The broker refuses this placement, because it has no "version". Version 2 has automatic observer promotion, version 1 has not.';
    case 'version-unknown':
      return `The broker refuses version ${facts.found}. Replica placement has versions 1 and 2.`;
    case 'version-string':
      return `The version is a string. It works only because the broker converts it; write the number ${facts.version}.`;
    case 'replicas-empty':
      return `No replica can be placed: ${facts.absent ? '"replicas" is missing' : '"replicas" is empty'}. A placement needs at least one constraint for sync replicas.`;
    case 'count-invalid':
      return `${facts.found === null ? 'This constraint has no count' : `A count of ${facts.found} can't be placed`}. It must be a whole number of at least 1.`;
    case 'rack-missing':
      return rackMissing(facts.form);
    case 'constraint-key':
      return `A constraint on ${quoted(facts.key)} can't match any broker. The only thing that constraints compare is "rack", with a broker's broker.rack${meant(facts.nearest)}.`;
    case 'rack-duplicate':
      return `The broker refuses rack ${quoted(facts.rack)} twice in "${facts.list}". Each rack may stand once in a list: write one item with a count of ${facts.count}.`;
    case 'invalid-value':
      return facts.detail;
    case 'not-read':
      return `This was left unread: ${facts.limit}, ${facts.found.toLocaleString('en')} where at most ${facts.bound.toLocaleString('en')} are read. Nothing is said about what it holds.`;

    case 'policy-unknown':
      return `The broker refuses the policy ${quoted(facts.found)}. Write "under-min-isr", "under-replicated" or "leader-is-observer"${meant(facts.nearest)}.`;
    case 'policy-on-version-1':
      return facts.policy === 'leader-is-observer'
        ? 'This changes nothing: version 1 always behaves as "leader-is-observer". The field belongs to version 2.'
        : `No observer will be promoted: version 1 has no promotion policy, so "${facts.policy}" has no effect at best. Automatic observer promotion needs version 2.`;
    case 'policy-implicit':
      return 'Observers are promoted as under "under-min-isr", the default of version 2. Version 1 never promoted them by itself, so it is kinder to readers to say it.';
    case 'policy-without-observers':
      return `The policy "${facts.policy}" has no effect. This placement has no observers that could be promoted.`;
    case 'policy-leader-is-observer':
      return `${facts.observers === 1 ? 'The observer joins' : `The ${facts.observers} observers join`} the ISR only after a person forced an unclean election. The policy "leader-is-observer" promotes behind an observer that leads, and observers never lead by themselves.`;
    case 'policy-under-replicated-remote':
      return `The restart of any one broker may pull an observer of another datacenter into acks=all. The policy "under-replicated" promotes as soon as fewer than ${facts.syncReplicas} replicas are in sync, and ${facts.racks.length === 1 ? 'the observers' : 'observers'} in ${and(facts.racks)} are far from sync replicas.`;
    case 'version-1-with-observers':
      return `No observer will ever be promoted by itself: this is version 1. ${count(facts.observers, 'observer')} can help only after a person forced an unclean election; version 2 promotes automatically.`;
    case 'needs-newer-platform':
      return `Confluent Platform ${facts.stated} refuses this: ${featureName(facts.feature)} since ${facts.since}. It is the version stated for the cluster.`;

    case 'rack-unknown':
      return `The topic can't be created: no broker has the rack ${quoted(facts.rack)}${meant(facts.nearest)}. Racks are compared exactly, and brokers have ${and(facts.known.slice(0, 8).map(quoted))}${facts.known.length > 8 ? ' and others' : ''}.`;
    case 'rack-wildcard':
      return `The topic can't be created: no broker has a rack named ${quoted(facts.rack)}. Racks are compared exactly; leave "rack" out to mean any broker.`;
    case 'rack-capacity':
      return `The topic can't be created: rack ${quoted(facts.rack)} must hold ${facts.needed} replicas of each partition and has ${count(facts.brokers, 'broker')}. A broker holds one replica of a partition at most.`;
    case 'rack-no-spare':
      return `A replica lost with a broker of rack ${or(facts.racks.map(quoted))} can't be rebuilt there. Every broker of ${facts.racks.length === 1 ? 'the rack' : 'these racks'} holds a replica of each partition already.`;
    case 'one-broker-per-rack':
      return `Every partition gets the same replicas and the same leader. ${and(facts.racks.map(quoted))} have one broker each, so there is nothing to choose from.`;
    case 'preferred-leaders-first-rack':
      return `The preferred leader of every partition will be in rack ${quoted(facts.rack)}. Replicas are placed in the order of this list, and the first one is the preferred leader.`;
    case 'broker-rack-missing':
      return `No replica of a rack constraint can live on ${facts.broker}: it has no broker.rack. Other brokers have ${and(facts.racks.map(quoted))}.`;
    case 'racks-look-like-sites':
      return `${facts.sites.map((site) => `${and(site.racks.map(quoted))} each count as a datacenter of their own`).join('; ')}. They look like parts of one site (${or(facts.sites.map((site) => quoted(site.site)))}); only a cluster file can say so.`;

    case 'min-isr-within-datacenter':
    case 'min-isr-above-sync-replicas':
    case 'min-isr-no-slack':
    case 'min-isr-one-never-promotes':
    case 'min-isr-not-set':
      return withAssumption(facts, minIsrMessage(facts));
    case 'datacenter-loss-stops-writes':
    case 'datacenter-loss-offline':
    case 'observers-with-replicas':
    case 'observers-all-used':
    case 'simulation-limited':
    case 'survival-goal-broken':
      return withAssumption(facts, survivalMessage(facts));
    case 'quorum-lost-with-datacenter':
    case 'quorum-even':
      return quorumMessage(facts);

    case 'replication-factor-with-placement':
    case 'replication-factor-minus-one':
    case 'replication-factor-shadows-default':
    case 'placement-file-not-found':
    case 'placement-file-ambiguous':
    case 'config-key-misspelt':
    case 'config-value-invalid':
    case 'unclean-election-enabled':
    case 'internal-topics-not-placed':
    case 'default-placement-not-on-controllers':
    case 'default-placement-differs':
    case 'alter-needs-reassignment':
    case 'not-confluent-server':
    case 'topic-created-differently':
    case 'described-differently':
    case 'broker-rack-contradicts':
    case 'broker-settings-differ':
      return topicMessage(facts);

    case 'assignment-differs':
    case 'described-offline':
    case 'described-under-min-isr':
    case 'described-out-of-sync':
    case 'described-observers-offline':
    case 'described-observer-promoted':
    case 'described-not-preferred':
    case 'preferred-leaders-together':
      return driftMessage(facts);
  }
}

/** The words at a related place. */
export function relatedMessage(related: RelatedRole): string {
  switch (related.role) {
    case 'min-isr-set':
      return 'min.insync.replicas is set here';
    case 'placement':
      return 'The placement is here';
    case 'first-item':
      return 'The rack stands here first';
    case 'topic-command':
      return 'The topic is created here';
    case 'platform-version':
      return 'The version is stated here';
    case 'other-copy':
      return 'Another broker says otherwise';
    case 'default-placement':
      return 'The default placement is stated here';
    case 'other-creation':
      return 'The topic is created here too';
    case 'other-rack':
      return 'Another rack is stated here';
    case 'goal':
      return 'The goal is stated here';
    case 'broken-topic':
      return `Topic ${related.topic} breaks with the loss of ${or(related.datacenters)}`;
  }
}

function topicMessage(facts: TopicRuleFacts): string {
  switch (facts.code) {
    case 'replication-factor-with-placement':
      return `The broker refuses to create topic ${facts.topic}: "Both replicationFactor and confluent.placement.constraints are set." The placement alone says how many replicas there are; drop the replication factor of ${facts.replicationFactor}.`;
    case 'replication-factor-minus-one':
      return `kafka-topics refuses a replication factor of -1, so topic ${facts.topic} is not created. Only programs may ask so for the default; leave the option out.`;
    case 'replication-factor-shadows-default':
      return `Topic ${facts.topic} gets ${count(facts.replicationFactor, 'replica')} wherever there is room, not the ${facts.placementReplicas} of the default placement. With a replication factor the default is silently ignored; drop it.`;
    case 'placement-file-not-found':
      return `Nothing is said about topic ${facts.topic}: its placement ${quoted(facts.path)} is not in this workspace.`;
    case 'placement-file-ambiguous':
      return `Nothing is said about topic ${facts.topic}: ${quoted(facts.path)} could be ${or(fileNames(facts.candidates).slice(0, 4))}.`;
    case 'config-key-misspelt':
      return `The broker refuses the configuration ${quoted(facts.key)}, since there is none of that name. Probably ${quoted(facts.nearest)} is meant.`;
    case 'config-value-invalid':
      return `The broker refuses ${quoted(facts.found)} for ${facts.key}. It must be ${facts.expected}.`;
    case 'unclean-election-enabled':
      return `${capital(topics(facts.topics))} may lose acknowledged writes without anybody deciding it. With unclean.leader.election.enable=true a replica that lags may become the leader${facts.observers > 0 ? ', an observer too' : ''}.`;
    case 'internal-topics-not-placed':
      return `${and(facts.missing.map(internalTopic))} will not follow the default placement. It holds for user topics; internal ones have ${and(facts.missing.map(internalKey))}.`;
    case 'default-placement-not-on-controllers':
      return `Topics may be created without the default placement: ${count(facts.controllers, 'controller')} ${facts.controllers === 1 ? 'does' : 'do'} not state it. In KRaft the controllers create topics, so brokers and controllers should both have it.`;
    case 'default-placement-differs':
      return `Which placement new topics get is left to chance. Brokers of one cluster state different values of ${facts.key}.`;
    case 'alter-needs-reassignment':
      return `No replica of topic ${facts.topic} moves yet. An altered placement takes effect when confluent-rebalancer or Self-Balancing reassigns the replicas; until then the old ones stay.`;
    case 'topic-created-differently': {
      const how =
        facts.stated === null ? 'different placements' : `${facts.what} ${facts.stated} and ${facts.otherStated}`;
      return `What topic ${facts.topic} guarantees depends on which file comes first: ${facts.file} and ${facts.otherFile} create it with ${how}. The second creation is refused or ignored; here each is analysed as it stands.`;
    }
    case 'described-differently': {
      const how =
        facts.what === 'placement'
          ? `another placement than ${facts.file} gives it`
          : `${facts.what} ${facts.described}, not the ${facts.stated} of ${facts.file}`;
      return `Topic ${facts.topic} has ${how}. It was altered without the file, or the file was not applied; what is said of the file does not hold for the topic as it is.`;
    }
    case 'broker-rack-contradicts':
      return `Broker ${facts.broker} is in rack ${quoted(facts.rack)} by ${facts.file}, and in ${quoted(facts.otherRack)} by ${facts.otherFile}. The analysis goes by ${facts.file}; the broker goes by what starts it.`;
    case 'broker-settings-differ':
      return settingsDiffer(facts);
    case 'not-confluent-server':
      return `The placement will be refused: ${facts.broker} runs ${quoted(facts.image)}. Only Confluent Server (confluentinc/cp-server) knows replica placement and observers.`;
  }
}

/** What differs decides at different times, and not always by the broker that leads. */
function settingsDiffer(facts: TopicRuleFacts & { readonly code: 'broker-settings-differ' }): string {
  const { key, broker, stated, otherBroker, otherStated, file, otherFile } = facts;
  const [one, other] = file === otherFile ? ['', ''] : [` (${file})`, ` (${otherFile})`];
  const differ = `${broker}${one} has ${stated}, ${otherBroker}${other} has ${otherStated}`;
  switch (key) {
    case 'min.insync.replicas':
      return `A failover may change ${key} of every topic that sets none of its own: ${differ}. What counts is the broker that leads; the analysis goes by ${stated}.`;
    case 'unclean.leader.election.enable':
      return `A failover may change ${key} of every topic that sets none of its own: ${differ}. What counts is the active controller's own file; the analysis goes by ${stated}.`;
    case 'transaction.state.log.min.isr':
      return `The min.insync.replicas of __transaction_state is left to chance: of ${key}, ${differ}. What counts is the broker by which the topic is created; the analysis goes by ${stated}.`;
  }
}

/** Says what a finding rests on where no file states it. */
function withAssumption(facts: Exclude<OfTopicsOrQuorum, QuorumFacts>, text: string): string {
  if (!facts.of.minIsrAssumed || facts.code === 'min-isr-not-set') return text;
  return `${text} (min.insync.replicas is not known from any file; ${facts.of.minIsr} is assumed.)`;
}

function rackMissing(form: 'absent' | 'empty' | 'blank'): string {
  switch (form) {
    case 'absent':
      return 'This constraint has no "constraints", so it says nothing about where replicas go. Name a rack: "constraints": { "rack": "…" }.';
    case 'empty':
      return 'These replicas may go to any broker, all to the same datacenter too. Constraints without a rack match every broker.';
    case 'blank':
      return "No broker can match: the rack is blank. Racks are compared exactly with the brokers' broker.rack.";
  }
}

function meant(name: string | null): string {
  return name === null ? '' : `; probably ${quoted(name)} is meant`;
}

function featureName(feature: 'placement' | 'version-2' | 'rack-in-both-lists'): string {
  switch (feature) {
    case 'placement':
      return 'replica placement exists';
    case 'version-2':
      return 'version 2 with automatic observer promotion exists';
    case 'rack-in-both-lists':
      return 'the same rack may stand in replicas and observers';
  }
}

function internalTopic(which: 'offsets' | 'transactions'): string {
  return which === 'offsets' ? '__consumer_offsets' : '__transaction_state';
}

function internalKey(which: 'offsets' | 'transactions'): string {
  return which === 'offsets'
    ? 'confluent.offsets.topic.placement.constraints'
    : 'confluent.transaction.state.log.placement.constraints';
}
