import type { DefaultDeclaration } from './declaration';
import type { EmbeddedText } from './embedded';
import { readPlacement } from './placementJson';

/**
 * The broker configurations that hold a placement, and the topics each is for. They count when a topic is created
 * without a replication factor. Source: docs.confluent.io, "Multi-Region Clusters", default replica placement.
 */
const placementConfigs = [
  ['confluent.log.placement.constraints', 'user'],
  ['confluent.offsets.topic.placement.constraints', 'offsets'],
  ['confluent.transaction.state.log.placement.constraints', 'transactions'],
] as const;

/** The default placements that a broker's configuration states. */
export function defaultPlacements(configs: ReadonlyMap<string, EmbeddedText | null>): readonly DefaultDeclaration[] {
  return placementConfigs.flatMap(([key, topics]): readonly DefaultDeclaration[] => {
    const embedded = configs.get(key);
    // A blank value means no placement; a template is unknown.
    if (!embedded || embedded.text.trim() === '') return [];
    const placement = readPlacement(embedded);
    if (placement === null) return [];
    return [{ kind: 'default', span: placement.span, default: { of: 'placement', topics, placement } }];
  });
}
