import type { SourceFile } from './reader';

/**
 * Which YAML formats a text could be, told without the YAML library: it is only loaded when one of these says yes.
 */

/** A compose file has services with Kafka's environment. */
export function mayBeCompose({ name, text }: SourceFile): boolean {
  return isYamlName(name) && hasKey(text, 'services') && (text.includes('KAFKA_') || text.includes('kafka-topics'));
}

/** Resources of Kubernetes that speak of Kafka: topics, clusters, placements in config maps, jobs. */
export function mayBeKubernetes({ name, text }: SourceFile): boolean {
  if (!isYamlName(name) || !hasKey(text, 'apiVersion') || !hasKey(text, 'kind')) return false;
  if (/kafka-(?:topics|configs)|placement\.constraints/.test(text)) return true;
  if (/kind:\s*["']?(?:KafkaTopic(?:List)?|Kafka|KRaftController)\b/.test(text)) return true;
  return /kind:\s*["']?Topic\b/.test(text)
    ? text.includes('replicationFactor')
    : mentions(text, 'ConfigMap', '"replicas"');
}

/** An inventory of cp-ansible, or a file of its variables. */
export function mayBeAnsible({ name, text }: SourceFile): boolean {
  if (!isYamlName(name)) return false;
  return hasKey(text, 'kafka_broker') || /kafka_(?:broker|controller)_custom_properties/.test(text);
}

/** A topology of JulieOps. */
export function mayBeJulieOps({ name, text }: SourceFile): boolean {
  return isYamlName(name) && hasKey(text, 'context') && hasKey(text, 'projects') && hasKey(text, 'topics');
}

/** A state file of kafka-gitops. */
export function mayBeKafkaGitops({ name, text }: SourceFile): boolean {
  return isYamlName(name) && /^topics\s*:/m.test(text) && (hasKey(text, 'replication') || hasKey(text, 'configs'));
}

function mentions(text: string, ...words: readonly string[]): boolean {
  return words.every((word) => text.includes(word));
}

/** Whether a line begins with a key, be it in a list. */
function hasKey(text: string, key: string): boolean {
  for (let at = text.indexOf(key); at !== -1; at = text.indexOf(key, at + 1)) {
    if (!/^["']?[ \t]*:/.test(text.slice(at + key.length, at + key.length + 8))) continue;
    // No more of the line than may stand before a key: a search to its start would take a long line's length each time.
    const before = text.slice(Math.max(0, at - 200), at);
    const line = before.slice(before.lastIndexOf('\n') + 1);
    if (/^[\ufeff\s]*(?:-[ \t]+)*["']?$/.test(line)) return true;
  }
  return false;
}

function isYamlName(name: string): boolean {
  return /\.ya?ml$/.test(name) || !/\.[a-z]+$/.test(name);
}
