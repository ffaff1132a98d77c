import { describe, expect, it } from 'vitest';
import { inShort, read } from './helpers';

const script = (text: string) => read('file:///w/create-topics.sh', text);
const topics = async (text: string) => (await script(text)).topics();
const names = async (text: string) => (await topics(text)).map(({ name }) => name.value);

/** What a topic is created with, as `name: file key=value`. */
const inWords = async (text: string) =>
  (await topics(text)).map(({ name, placement, configs }) => {
    const source =
      placement?.kind === 'file'
        ? placement.path.value
        : placement?.kind === 'inline'
          ? inShort(placement.placement.placement)
          : (placement?.kind ?? 'no placement');
    return [`${name.value}: ${source}`, ...[...configs].map(([key, { value }]) => `${key}=${value}`)].join(' ');
  });

describe('a command that creates a topic', () => {
  it('is read with the places of what it says', async () => {
    const { at, topics: found } = await script(`#!/bin/sh
kafka-topics --bootstrap-server broker:9092 --create \\
  --topic orders \\
  --partitions 6 --replica-placement /etc/kafka/demo/orders.json \\
  --config min.insync.replicas=3 --config retention.ms=100
`);
    const [topic] = found();
    expect(topic).toMatchObject({ action: 'create', partitions: { value: 6 }, replicationFactor: null });
    expect(at(topic?.name.span)).toBe('orders');
    expect(topic?.placement?.kind === 'file' && at(topic.placement.path.span)).toBe('/etc/kafka/demo/orders.json');
    expect(at(topic?.configs.get('min.insync.replicas')?.span)).toBe('3');
    expect(topic?.configs.get('retention.ms')?.value).toBe('100');
    expect(at(topic?.span)).toMatch(/^kafka-topics --bootstrap[\s\S]*retention\.ms=100$/);
  });

  it.each([
    ['a path and an ending', '/opt/kafka/bin/kafka-topics.sh --create --topic x'],
    ['docker compose', 'docker compose exec -T broker kafka-topics --create --topic x'],
    ['docker-compose', 'docker-compose exec broker kafka-topics --create --topic x'],
    ['kubectl', 'kubectl exec -it kafka-0 -n kafka -- kafka-topics --create --topic x'],
    ['sudo and variables', 'sudo KAFKA_OPTS="-Dx=y" kafka-topics --create --topic x'],
    ['an equals sign', 'kafka-topics --create --topic=x'],
    ['quotes', `kafka-topics '--create' --topic "x"`],
    ['another command before it', 'cub kafka-ready 1 40 && kafka-topics --create --topic x || exit 1'],
    ['Windows line ends', 'kafka-topics --create \\\r\n --topic x\r\n'],
    ['an output', 'OUT=$(kafka-topics --create --topic x 2>&1)'],
    ['a pipe', 'kafka-topics --create --topic x | tee log'],
    ['another shell', 'bash -c "kafka-topics --create --topic x"'],
    ['another shell in single quotes', "docker exec b bash -c 'cd /; kafka-topics --create --topic x'"],
    ['a here-document', 'ssh host <<EOF\ncd /\nkafka-topics --create --topic x\nEOF'],
    ['a branch', 'if true; then kafka-topics --create --topic x; fi'],
    ['a function', 'f() {\n  kafka-topics --create --topic x\n}'],
  ])('is found behind %s', async (_, text) => {
    expect(await names(text)).toEqual(['x']);
  });

  it.each([
    ['a comment', '# kafka-topics --create --topic x'],
    ['a comment behind a command', 'ls # kafka-topics --create --topic x'],
    ['a message', 'echo kafka-topics --create --topic x'],
    ['another action', 'kafka-topics --describe --topic x'],
    ['a function of its arguments', 'f() { kafka-topics --create --topic "$1" --replica-placement "$2"; }'],
  ])('is not found in %s', async (_, text) => {
    expect(await names(text)).toEqual([]);
  });

  it('may have its values in variables, whose places are then theirs', async () => {
    const { at, topics: found } = await script(`TOPIC=orders MIN_ISR="3"
export DIR=/config
OPTIONS="--partitions 4 --config retention.ms=5"
kafka-topics --create --topic "$TOPIC" --replica-placement \${DIR}/p.json $OPTIONS --config min.insync.replicas=$MIN_ISR`);
    const [topic] = found();
    expect(topic?.name.value).toBe('orders');
    expect(at(topic?.name.span)).toBe('orders');
    expect(at(topic?.configs.get('min.insync.replicas')?.span)).toBe('3');
    expect(topic?.placement).toMatchObject({ kind: 'file', path: { value: '/config/p.json' } });
    expect(topic?.partitions?.value).toBe(4);
  });

  it('leaves open what only the running shell would know', async () => {
    const text = `ISR=1
if [ "$ENV" = prod ]; then ISR=3; fi
kafka-topics --create --topic a --config min.insync.replicas=$ISR --replica-placement "$PLACEMENT"
kafka-topics --create --topic b --config min.insync.replicas=\${ISR:-2} --replica-placement $(mktemp)`;
    expect(await inWords(text)).toEqual([
      'a: unknown min.insync.replicas=$ISR',
      `b: unknown min.insync.replicas=\${ISR:-2}`,
    ]);
  });

  it('is read as bash reads it', async () => {
    const name = async (before: string, written: string) => (await names(`${before}\n${topic} ${written}`)).join('|');
    const topic = 'kafka-topics --create --topic';
    expect(await name('', `$'a\\x41\\u00e9\\102\\t\\?'`)).toBe('aAéB\t?');
    expect(await name('', '$"a"b')).toBe('ab');
    // In front of a command an assignment holds for that command alone, and not for its words.
    expect(await name('T=a\nT=b true', '$T')).toBe('a');
    expect(await name('T=a\n(T=b; cd x)\n( kafka-topics --list )', '$T')).toBe('a');
    expect(await name('A=(a b)', '$A')).toBe('a');
    // What runs only if the assignment ran knows it.
    expect(await names(`cd x && T=a && ${topic} "x-$T" &&\n\n${topic} "y-$T"\n${topic} "z-$T"`)).toEqual([
      'x-a',
      'y-a',
      'z-$T',
    ]);
    expect(await name('A=(a b)', '"x-${A[*]}"')).toBe('x-a b');
    expect(await name('A=("a b" c)', '"x-${A[@]}" --config retention.ms=1')).toBe('x-a b');
    expect(await name('O="a --partitions 3"', 'x-$O')).toBe('x-a');
    expect(await name('E=', 'a $E')).toBe('a');
  });

  it.each([
    ['only if another command fails', 'T=a\n[ -n "$1" ] || T=b'],
    ['on the next line', 'T=a\n[ -n "$1" ] &&\n  T=b'],
    ['in a pipe', 'T=a\necho b | T=b'],
    ['in a function that is called', 'f() {\n  T=b\n}\nT=a\nf x'],
    ['in a function of bash', 'function f\n{\n  T=b\n}\nfunction g { T=c; }\nT=a\ng'],
    ['by arithmetic', 'T=1\n((T=2))'],
    ['by a builtin', 'T=a\nprintf -v T %s b'],
    ['by another', 'T=a\nmapfile -t T < names'],
    ['by what is evaluated', 'T=a\neval "$x"'],
    ['by index', 'T=([1]=a)'],
  ])('knows no variable that is assigned %s', async (_, before) => {
    const [topic] = await topics(`${before}\nkafka-topics --create --topic "x-$T" --partitions 1`);
    expect(topic?.name.value).toBe('x-$T');
  });

  it('is one topic for each round of a loop over names', async () => {
    const loop = 'kafka-topics --create --topic';
    expect(await names(`for t in a "b" c; do ${loop} "x-$t" --partitions 1; done`)).toEqual(['x-a', 'x-b', 'x-c']);
    expect(await names(`T=(a b)\nfor t in "\${T[@]}"\ndo\n  ${loop} $t\ndone`)).toEqual(['a', 'b']);
    expect(await names(`T="a b"; for t in $T; do for u in 1 2; do ${loop} $t$u; done; done`)).toEqual([
      'a1',
      'a2',
      'b1',
      'b2',
    ]);
  });
});

describe('kafka-configs', () => {
  it('alters a topic', async () => {
    const [topic] = await topics(
      'kafka-configs --alter --entity-type topics --entity-name x --replica-placement p.json ' +
        '--add-config min.insync.replicas=2,cleanup.policy=[compact,delete]',
    );
    expect(topic).toMatchObject({ action: 'alter', name: { value: 'x' }, placement: { kind: 'file' } });
    expect([...(topic?.configs ?? [])].map(([key, { value }]) => `${key}=${value}`)).toEqual([
      'min.insync.replicas=2',
      'cleanup.policy=compact,delete',
    ]);
  });

  it('of a broker is no topic', async () => {
    expect(await names('kafka-configs --alter --entity-type brokers --entity-name 1 --add-config a=b')).toEqual([]);
  });
});

describe('a placement in a script', () => {
  const json = '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}';
  const escaped = json.replaceAll('"', '\\"');

  it('may be an option of its own', async () => {
    const text = `kafka-topics --create --topic a --config confluent.placement.constraints='${json}'
kafka-topics --create --topic b --config "confluent.placement.constraints=${escaped}"
P='${json}'
kafka-topics --create --topic c --config confluent.placement.constraints="$P"
bash -c "kafka-topics --create --topic d --config confluent.placement.constraints='${escaped}'"`;
    const found = (await script(text)).placements();
    expect(found.map(({ placement }) => inShort(placement))).toEqual([
      'v2 2 west',
      'v2 2 west',
      'v2 2 west',
      'v2 2 west',
    ]);
    expect(await names(text)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('is underlined where it is written, behind its quotes', async () => {
    const { at, placements } = await script(
      `kafka-topics --create --topic b --config "confluent.placement.constraints=${escaped}"`,
    );
    expect(at(placements()[0]?.constraints[0]?.rack?.span)).toBe('\\"west\\"');
  });

  it('may be a file that the script writes first', async () => {
    const text = `cat > /tmp/p.json <<'EOF'
{
  "version": 2,
  "replicas": [{ "count": 2, "constraints": { "rack": "west" } }]
}
EOF
echo '${json.replace('west', 'east')}' > ./q.json
kafka-topics --create --topic a --replica-placement /tmp/p.json
kafka-topics --create --topic b --replica-placement q.json`;
    expect(await inWords(text)).toEqual(['a: v2 2 west', 'b: v2 2 east']);
  });

  it('may be printed, in all the ways that leave it as it is', async () => {
    const use = 'kafka-topics --create --topic a --replica-placement p.json';
    const printed = async (command: string) => (await inWords(`${command} > p.json\n${use}`)).join();
    expect(await printed(`printf '%s\\n' '${json}'`)).toBe('a: v2 2 west');
    expect(await printed(`printf '${json}\\n'`)).toBe('a: v2 2 west');
    expect(await printed(`echo -e '${json}\\n\\n'`)).toBe('a: v2 2 west');
    expect(await printed(`printf '${json.replace(',', ',\\n')}'`)).toBe('a: unknown');
    expect(await printed(`printf '${json.replace('west', '%s')}' `)).toBe('a: unknown');
    const positional = `cat > p.json <<EOF\n${json.replace('west', '$1')}\nEOF\n${use}`;
    expect(await inWords(positional)).toEqual(['a: unknown']);
  });

  it('stands for itself where no topic of the script uses it', async () => {
    const { reading } = await script(`tee /tmp/p.json <<-EOF\n\t${json}\n\tEOF\n# for kafka-topics`);
    expect(reading.declarations).toMatchObject([{ kind: 'placement', placement: { version: 2 } }]);
  });

  it('is unknown where variables are part of it', async () => {
    const text = `cat > p.json <<EOF
{"version":2,"replicas":[{"count":$N,"constraints":{"rack":"west"}}]}
EOF
kafka-topics --create --topic a --replica-placement p.json`;
    expect(await inWords(text)).toEqual(['a: unknown']);
  });

  it('may come out of a file', async () => {
    const { at, topics: found } = await script(
      'kafka-topics --create --topic a --config "confluent.placement.constraints=$(cat conf/p.json | jq -c .)"',
    );
    const source = found()[0]?.placement;
    expect(source?.kind === 'file' && at(source.path.span)).toBe('conf/p.json');
  });
});

describe('a hostile script', () => {
  it.each([
    ['an open quote', `kafka-topics --create --topic 'x`],
    ['an open substitution', 'kafka-topics --create --topic x $(('],
    ['an open here-document', 'kafka-topics --create --topic x <<EOF'],
    ['a lone carriage return', 'kafka-topics --create --topic x\r \v'],
  ])('with %s is read to its end', async (_, text) => {
    expect(await names(text)).toEqual([expect.stringMatching(/^x/)]);
  });

  it('that doubles a variable again and again does not grow', async () => {
    const doubling = Array.from({ length: 60 }, () => `a="$a$a"; A=("\${A[@]}" "\${A[@]}")`).join('\n');
    expect(await names(`a=x; A=(x y)\n${doubling}\nkafka-topics --create --topic x $a`)).toEqual(['x']);
  });

  it('with loops in loops in loops is left at a stated limit', async () => {
    const items = Array.from({ length: 100 }, (_, n) => `i${n}`).join(' ');
    const loops = 'a b c d e f'.split(' ').map((name) => `for ${name} in ${items}; do `);
    const text = `kafka-topics --create --topic x\n${loops.join('')} y=1${'; done'.repeat(6)}`;
    const { reading } = await script(text);
    expect(reading.problems).toMatchObject([{ kind: 'limit', limit: 'declarations' }]);
  });
});
