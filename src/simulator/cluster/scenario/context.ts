import type { NodeId } from '../../../kafka/cluster';
import type { Cause } from '../../timeline';
import type { Clock } from '../clock';
import type { RecordId } from '../log';
import type { ChangeContext } from './causes';
import type { Timers } from './timers';
import type { World } from './world';

/** What the parts of a run share. */
export interface RunContext {
  readonly world: World;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly nowMs: () => number;
  readonly record: (cause: Cause) => void;
  /** Does something that may change the partition, and records what it brought about. */
  readonly change: (context: ChangeContext, action: () => void) => void;
  /** Brokers have applied metadata: what they fetch for, and whom a leader may admit, may have changed. */
  readonly metadataApplied: () => void;
  /** A follower cut records off its log. */
  readonly truncated: (replica: NodeId, removed: readonly RecordId[]) => void;
}
