import type { Declaration, TopicDeclaration } from './declaration';
import type { Found, SourceFile } from './reader';
import type { Located } from './span';
import { type StatedConfig, topicFrom } from './topicResource';
import { configsOf } from './yaml/configs';
import { readYaml, type YamlNode } from './yaml/document';

/**
 * Format `julieops`: a topology of JulieOps, `context:` and `projects:` with topics. A topic is called after all that it
 * stands in: context, further levels, project, topic. Source: JulieOps, "The topology descriptor".
 */
export function readJulieOps(file: SourceFile): Found | null {
  return readTopics(file, (document) => {
    const context = document.get('context')?.scalar();
    if (!context) return [];
    const levels = document
      .entries()
      .flatMap(({ key, value }) => (key.value === 'plans' ? [] : (value.scalar()?.value ?? [])));
    return (document.get('projects')?.items() ?? []).flatMap((project) => {
      const prefix = [...levels, project.get('name')?.scalar()?.value ?? ''].join('.');
      return (project.get('topics')?.items() ?? []).flatMap((topic) => julieTopic(prefix, topic));
    });
  });
}

function julieTopic(prefix: string, topic: YamlNode): readonly TopicDeclaration[] {
  const name = topic.get('name')?.scalar();
  if (!name) return [];
  const dataType = topic.get('dataType')?.scalar()?.value;
  const full = [prefix, name.value, ...(dataType === undefined ? [] : [dataType])].join('.');
  const configs = configsOf(topic.get('config'));
  const value = (key: string): Located<string> | null =>
    configs.findLast((config) => config.key === key)?.value ?? null;
  return [
    topicFrom({
      action: 'create',
      span: topic.span,
      name: { value: full, span: name.span },
      partitions: value('num.partitions'),
      replicationFactor: value('replication.factor'),
      configs: configs.filter(({ key }) => key !== 'num.partitions' && key !== 'replication.factor'),
    }),
  ];
}

/** Format `kafka-gitops`: a state file, `topics:` by name. Source: kafka-gitops, "State file". */
export function readKafkaGitops(file: SourceFile): Found | null {
  return readTopics(file, (document) => {
    const fallback = document.at('settings', 'topics', 'defaults', 'replication')?.scalar() ?? null;
    return (document.get('topics')?.entries() ?? []).flatMap(({ key, value }) => gitopsTopic(key, value, fallback));
  });
}

const gitopsKeys = ['partitions', 'replication', 'configs'];

function gitopsTopic(
  name: Located<string>,
  topic: YamlNode,
  fallback: Located<string> | null,
): readonly TopicDeclaration[] {
  if (!gitopsKeys.some((key) => topic.get(key) !== undefined)) return [];
  const configs: readonly StatedConfig[] = configsOf(topic.get('configs'));
  return [
    topicFrom({
      action: 'create',
      span: { start: name.span.start, end: Math.max(name.span.end, topic.span.end) },
      name,
      partitions: topic.get('partitions')?.scalar() ?? null,
      replicationFactor: topic.get('replication')?.scalar() ?? fallback,
      configs,
    }),
  ];
}

function readTopics(file: SourceFile, topicsOf: (document: YamlNode) => readonly Declaration[]): Found | null {
  const yaml = readYaml(file);
  if ('problem' in yaml) return yaml.problem && { declarations: [], problems: [yaml.problem] };
  const declarations = yaml.documents.flatMap(topicsOf);
  return declarations.length === 0 ? null : { declarations, problems: yaml.limitsHit() };
}
