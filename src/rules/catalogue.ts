import type { Level, RuleCode } from './finding';

export type RuleFamily = 'json' | 'policy' | 'rack' | 'min-isr' | 'survival' | 'quorum' | 'topic';

export interface RuleDescription {
  readonly family: RuleFamily;
  /**
   * **error** only where the broker would refuse it or it can't work at all; **warning** where the intended guarantee
   * is lost; **information** for trade-offs taken on purpose; **hint** for style.
   */
  readonly level: Level;
  /** One line for settings and tables. */
  readonly summary: string;
}

/** Every rule there is. Settings, `docs/rules.md` and the tests are held against this table. */
export const catalogue: Readonly<Record<RuleCode, RuleDescription>> = {
  'json-syntax': rule('json', 'error', 'The placement is not JSON; comments and trailing commas are not either.'),
  'json-duplicate-key': rule('json', 'warning', 'A key stands twice in one object; only the last one counts.'),
  'wrong-type': rule('json', 'error', 'A field has a value of the wrong type.'),
  'unknown-field': rule('json', 'warning', 'A field that replica placement does not have.'),
  'version-missing': rule('json', 'error', 'The placement has no version.'),
  'version-unknown': rule('json', 'error', 'The version is neither 1 nor 2.'),
  'version-string': rule('json', 'information', 'The version is a string, not a number.'),
  'replicas-empty': rule('json', 'error', 'The placement has no sync replicas.'),
  'count-invalid': rule('json', 'error', 'A count is missing or not a whole number of at least 1.'),
  'rack-missing': rule('json', 'warning', 'A constraint names no rack, so it matches any broker or none.'),
  'constraint-key': rule('json', 'warning', 'A constraint on something other than a rack.'),
  'rack-duplicate': rule('json', 'error', 'A rack stands twice in the same list.'),
  'invalid-value': rule('json', 'error', 'A cluster file or another file of ours has a value it cannot have.'),
  'not-read': rule('json', 'information', 'A file or a part of it was left alone because it is too large.'),

  'policy-unknown': rule('policy', 'error', 'The observer promotion policy is none of the three there are.'),
  'policy-on-version-1': rule('policy', 'error', 'A promotion policy in a version 1 placement has no effect.'),
  'policy-implicit': rule('policy', 'hint', 'Version 2 with observers leaves its policy to the default.'),
  'policy-without-observers': rule('policy', 'information', 'A promotion policy without observers has no effect.'),
  'policy-leader-is-observer': rule('policy', 'information', 'Observers are promoted only after an unclean election.'),
  'policy-under-replicated-remote': rule(
    'policy',
    'information',
    'Any restart pulls an observer of another datacenter into acks=all.',
  ),
  'version-1-with-observers': rule('policy', 'warning', 'Version 1 never promotes observers by itself.'),
  'needs-newer-platform': rule('policy', 'error', 'The stated Confluent Platform does not know this yet.'),

  'rack-unknown': rule('rack', 'error', 'No broker has this rack, so the topic cannot be created.'),
  'rack-wildcard': rule('rack', 'error', 'Racks match exactly; there are no wildcards.'),
  'rack-capacity': rule('rack', 'error', 'A rack has fewer brokers than it must hold replicas.'),
  'rack-no-spare': rule('rack', 'hint', 'A rack has no spare broker to rebuild a lost replica on.'),
  'one-broker-per-rack': rule('rack', 'information', 'Every partition gets the same replicas and the same leader.'),
  'preferred-leaders-first-rack': rule('rack', 'off', 'All preferred leaders start in the first rack.'),
  'broker-rack-missing': rule('rack', 'warning', 'A broker without a rack matches no rack constraint.'),
  'broker-rack-contradicts': rule('rack', 'warning', 'Two files put one broker into different racks.'),
  'racks-look-like-sites': rule('rack', 'information', 'Racks look like parts of one site, yet count on their own.'),

  'min-isr-within-datacenter': rule('min-isr', 'warning', 'An acknowledged write may be in one datacenter only.'),
  'min-isr-above-sync-replicas': rule('min-isr', 'error', 'There are fewer sync replicas than min.insync.replicas.'),
  'min-isr-no-slack': rule('min-isr', 'warning', 'The restart of any one broker stops acks=all writes.'),
  'min-isr-one-never-promotes': rule('min-isr', 'warning', 'With min ISR 1, under-min-isr never promotes.'),
  'min-isr-not-set': rule('min-isr', 'information', 'No file sets min.insync.replicas; a default is assumed.'),

  'datacenter-loss-stops-writes': rule('survival', 'warning', 'The loss of a datacenter stops acks=all writes.'),
  'datacenter-loss-offline': rule('survival', 'warning', 'The loss of a datacenter leaves the topic offline.'),
  'observers-with-replicas': rule('survival', 'warning', 'All observers are lost together with all sync replicas.'),
  'observers-all-used': rule('survival', 'hint', 'After the loss of a datacenter one more broker stops writes.'),
  'simulation-limited': rule('survival', 'information', 'A bound was hit: not everything was simulated.'),
  'survival-goal-broken': rule('survival', 'warning', 'A topic misses the survival goal its cluster file states.'),

  'quorum-lost-with-datacenter': rule('quorum', 'warning', 'The loss of a datacenter breaks the controller quorum.'),
  'quorum-even': rule('quorum', 'information', 'An even number of voters survives no more than one fewer would.'),

  'replication-factor-with-placement': rule('topic', 'error', 'Replication factor and placement exclude each other.'),
  'replication-factor-minus-one': rule('topic', 'error', 'kafka-topics does not take a replication factor of -1.'),
  'replication-factor-shadows-default': rule(
    'topic',
    'warning',
    'A replication factor makes the default placement ineffective.',
  ),
  'placement-file-not-found': rule('topic', 'information', 'The placement file of a command is not in the workspace.'),
  'placement-file-ambiguous': rule('topic', 'information', 'Several files could be the placement file of a command.'),
  'config-key-misspelt': rule('topic', 'warning', 'A configuration key looks misspelt.'),
  'config-value-invalid': rule('topic', 'error', 'A configuration value that the broker refuses.'),
  'unclean-election-enabled': rule('topic', 'warning', 'Unclean elections may lose acknowledged writes.'),
  'internal-topics-not-placed': rule('topic', 'warning', 'The default placement does not reach internal topics.'),
  'default-placement-not-on-controllers': rule(
    'topic',
    'warning',
    'In KRaft, controllers create topics and need the default placement too.',
  ),
  'default-placement-differs': rule('topic', 'warning', 'Brokers state different default placements.'),
  'broker-settings-differ': rule('topic', 'warning', 'Brokers state different defaults for their topics.'),
  'alter-needs-reassignment': rule('topic', 'information', 'Altering a placement moves no replica by itself.'),
  'topic-created-differently': rule('topic', 'information', 'Two files create one topic in different ways.'),
  'described-differently': rule('topic', 'warning', 'A topic is described otherwise than a file states it.'),
  'assignment-differs': rule('topic', 'warning', 'The replicas are not where the placement wants them.'),
  'described-offline': rule('topic', 'warning', 'Partitions have no leader.'),
  'described-under-min-isr': rule('topic', 'warning', 'Partitions refuse acks=all writes.'),
  'described-out-of-sync': rule('topic', 'information', 'Sync replicas are out of the ISR.'),
  'described-observers-offline': rule('topic', 'information', 'Observers are offline.'),
  'described-observer-promoted': rule('topic', 'information', 'Observers are in the ISR.'),
  'described-not-preferred': rule('topic', 'hint', 'Another replica leads than the preferred leader.'),
  'preferred-leaders-together': rule('topic', 'hint', 'All preferred leaders are in one datacenter.'),
  'not-confluent-server': rule('topic', 'error', 'Only Confluent Server knows replica placement.'),
};

function rule(family: RuleFamily, level: Level, summary: string): RuleDescription {
  return { family, level, summary };
}

/** All codes, in the order of the table. */
export const ruleCodes: readonly RuleCode[] = Object.keys(catalogue).filter(isRuleCode);

/** Whether a text is the code of a rule (a settings key, a documentation anchor). */
export function isRuleCode(text: string): text is RuleCode {
  return Object.hasOwn(catalogue, text);
}

/** Where a rule is explained, relative to the project's root. */
export function documentationPath(code: RuleCode): string {
  return `docs/rules.md#${code}`;
}
