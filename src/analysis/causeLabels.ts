import type { Cause } from '../simulator/timeline';
import { and, subject } from './lists';

const shortWords: Readonly<Record<Cause['kind'], string>> = {
  healthy: 'healthy',
  'brokers-crashed': 'crashed',
  'power-lost': 'power lost',
  'brokers-frozen': 'frozen',
  'brokers-resumed': 'resumed',
  'replicas-slowed': 'slow',
  'replicas-recovered': 'recovered',
  'brokers-cut-off': 'cut off',
  'brokers-reconnected': 'connected',
  'brokers-stopped': 'stopped',
  'brokers-returned': 'returned',
  'datacenter-lost': 'lost',
  'datacenter-returned': 'returns',
  'controllers-lost': 'controllers lost',
  'controllers-returned': 'controllers return',
  'link-cut': 'cut',
  'controller-link-cut': 'controllers cut',
  'link-healed': 'healed',
  'datacenter-isolated': 'cut off',
  'datacenter-rejoined': 'connected',
  'controller-elected': 'new controller',
  'quorum-lost': 'no quorum',
  'quorum-regained': 'quorum',
  'broker-fenced': 'fenced',
  'broker-unfenced': 'unfenced',
  'leader-elected': 'leader elected',
  'leader-lost': 'leader lost',
  'election-refused': 'refused',
  'command-unanswered': 'no answer',
  'without-effect': 'no effect',
  'controlled-shutdown': 'shutting down',
  'shutdown-given-up': 'gave up',
  'broker-registered': 'registered',
  'elr-shrunk': 'ELR shrunk',
  'registration-refused': 'refused',
  'reassignment-started': 'reassigning',
  'reassignment-completed': 'reassigned',
  'isr-shrunk': 'ISR shrunk',
  'isr-expanded': 'rejoined',
  'observer-promoted': 'promoted',
  'observer-demoted': 'demoted',
  'record-acknowledged': 'record acknowledged',
  'caught-up': 'caught up',
  'alter-partition-rejected': 'rejected',
  truncated: 'truncated',
  'min-isr-set': 'min ISR set',
  'unclean-election-set': 'unclean set',
  settled: 'settled',
};

/** A word or two for a time axis; a datacenter goes by its name. */
export function causeShort(cause: Cause): string {
  if (cause.kind === 'datacenter-lost' || cause.kind === 'datacenter-returned') {
    return `${cause.datacenter} ${shortWords[cause.kind]}`;
  }
  return cause.kind === 'leader-elected' && cause.election === 'preferred'
    ? 'preferred leader'
    : shortWords[cause.kind];
}

/** The same in a sentence that has no lanes beside it, so that it says who: `west lost`, `broker 201 fenced`. */
export function causeTold(cause: Cause): string {
  switch (cause.kind) {
    case 'brokers-crashed':
    case 'brokers-stopped':
    case 'brokers-returned':
    case 'brokers-frozen':
      return `${subject('broker', cause.brokers)} ${shortWords[cause.kind]}`;
    case 'broker-fenced':
    case 'broker-unfenced':
      return `broker ${cause.broker} ${shortWords[cause.kind]}`;
    case 'leader-elected':
      return `${cause.leader} elected${cause.election === 'unclean' ? ' uncleanly' : ''}`;
    case 'isr-shrunk':
      return `${and(cause.removed.map(String))} out of the ISR`;
    case 'isr-expanded':
      return `${cause.added} back in the ISR`;
    case 'caught-up':
      return `${cause.replica} caught up`;
    case 'observer-promoted':
    case 'observer-demoted':
      return `observer ${cause.observer} ${shortWords[cause.kind]}`;
    case 'record-acknowledged':
      return `a write acknowledged by ${and(cause.by.map(String))}`;
    case 'controllers-lost':
    case 'controllers-returned':
      return `${subject('controller', cause.controllers)} ${cause.kind === 'controllers-lost' ? 'lost' : 'returned'}`;
    case 'datacenter-isolated':
      return `${cause.datacenter} cut off`;
    case 'link-cut':
      return `link between ${and(cause.between)} cut`;
    default:
      return causeShort(cause);
  }
}
