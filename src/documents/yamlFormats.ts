import type { SourceFile } from './reader';
import { baseName } from './reader';

/**
 * Which YAML formats a text could be, told without the YAML library: it is only loaded when one of these says yes.
 */

/** A compose file has services with Kafka's environment. */
export function mayBeCompose({ uri, text }: SourceFile): boolean {
  return (
    isYamlName(uri) &&
    /^\s*["']?services["']?\s*:/m.test(text) &&
    (text.includes('KAFKA_') || text.includes('kafka-topics'))
  );
}

function isYamlName(uri: string): boolean {
  const name = baseName(uri);
  return /\.(?:ya?ml|json)$/.test(name) ? !name.endsWith('.json') : !/\.[a-z]+$/.test(name);
}
