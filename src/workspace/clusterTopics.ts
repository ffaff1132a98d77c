import type { Topic } from '../kafka/topic';
import type { LinkedTopic } from './linked';

/** The topics of a cluster, each told once, however many commands say the same of it. */
export class ClusterTopics {
  readonly all: LinkedTopic[] = [];
  private readonly first = new Map<string, LinkedTopic>();
  /** Where several of one name differ. Nearly all names are used once, so nothing is gathered for those. */
  private namesakes: Map<string, LinkedTopic[]> | null = null;

  add(linked: LinkedTopic): void {
    const name = linked.topic.name.value;
    const first = this.first.get(name);
    if (first === undefined) this.first.set(name, linked);
    else {
      this.namesakes ??= new Map();
      const namesakes = this.namesakes.get(name) ?? [first];
      if (namesakes.some((other) => isSameTopic(other.topic, linked.topic))) return;
      namesakes.push(linked);
      this.namesakes.set(name, namesakes);
    }
    this.all.push(linked);
  }

  /** Those of one name, in the order in which they came; they differ. */
  named(name: string): readonly LinkedTopic[] {
    const first = this.first.get(name);
    return this.namesakes?.get(name) ?? (first === undefined ? [] : [first]);
  }
}

/** Whether two commands that name one topic say the same of it. */
function isSameTopic(one: Topic, other: Topic): boolean {
  return (
    one.placementPlace.uri === other.placementPlace.uri &&
    one.placementPlace.start === other.placementPlace.start &&
    one.minIsr.value === other.minIsr.value &&
    one.partitions.value === other.partitions.value &&
    one.uncleanLeaderElection.value === other.uncleanLeaderElection.value
  );
}
