import type {
  BrokerDeclaration,
  ControllerDeclaration,
  Declaration,
  DocumentReading,
  PlacementDeclaration,
  TopicDeclaration,
} from '../../../src/documents/declaration';
import { placementsOf, readDocument } from '../../../src/documents/read';
import type { Span } from '../../../src/documents/span';
import type { Placement } from '../../../src/kafka/placement';

/** A text, what was read from it, and short words for asking. */
export interface Read {
  readonly text: string;
  readonly reading: DocumentReading;
  at(span: Span | null | undefined): string | undefined;
  topics(): readonly TopicDeclaration[];
  brokers(): readonly BrokerDeclaration[];
  controllers(): readonly ControllerDeclaration[];
  placements(): readonly PlacementDeclaration[];
}

export async function read(uri: string, text: string): Promise<Read> {
  const reading = await readDocument(uri, text);
  const only = <K extends Declaration['kind']>(kind: K) =>
    reading.declarations.filter((found): found is Extract<Declaration, { kind: K }> => found.kind === kind);
  return {
    text,
    reading,
    at: (span) => (span ? text.slice(span.start, span.end) : undefined),
    topics: () => only('topic'),
    brokers: () => only('broker'),
    controllers: () => only('controller'),
    placements: () => placementsOf(reading),
  };
}

/** A placement as `2 west + 1 east | 1 west (under-min-isr)`: sync replicas, observers, policy. */
export function inShort(placement: Placement | null | undefined): string {
  if (!placement) return 'none';
  const list = (items: Placement['replicas']): string =>
    items.map(({ count, rack }) => `${count} ${rack ?? 'anywhere'}`).join(' + ');
  const observers = placement.observers.length === 0 ? '' : ` | ${list(placement.observers)}`;
  const policy = placement.observerPromotionPolicy === undefined ? '' : ` (${placement.observerPromotionPolicy})`;
  return `v${placement.version} ${list(placement.replicas)}${observers}${policy}`;
}
