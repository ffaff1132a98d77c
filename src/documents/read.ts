import { mayBeClusterFile, readClusterFile } from './clusterFile';
import type { Declaration, DocumentReading, Format, PlacementDeclaration, ReaderProblem } from './declaration';
import { mayBeDescribe, readDescribe } from './describe';
import { limits, overlongLine } from './limits';
import { mayBePlacementJson, readPlacementJson } from './placementJson';
import { mayBeProperties, readPropertiesFile } from './properties';
import { type Found, type Reader, type SourceFile, type SteppingReader, sourceFile } from './reader';
import { mayBeScenarioFile, readScenarioDocument } from './scenarioFile';
import { mayBeShell, readShell } from './shell';
import { allSteps, type Breathe, breathing } from './steps';
import { mayBeTerraform, readTerraform } from './terraform';
import { mayBeTopicJson, readTopicJson } from './topicJson';
import { mayBeAnsible, mayBeCompose, mayBeJulieOps, mayBeKafkaGitops, mayBeKubernetes } from './yamlFormats';

/**
 * One line for each format, in the order in which they are asked. `mayBe` is cheap and may err towards yes; the reader
 * itself decides. `load` keeps the YAML library out of memory until the first YAML file is seen.
 */
const formats: readonly FormatEntry[] = [
  { format: 'scenario-file', mayBe: mayBeScenarioFile, load: () => readScenarioDocument },
  { format: 'cluster-file', mayBe: mayBeClusterFile, load: () => readClusterFile },
  { format: 'placement-json', mayBe: mayBePlacementJson, load: () => readPlacementJson },
  { format: 'topic-json', mayBe: mayBeTopicJson, load: () => readTopicJson },
  { format: 'compose', mayBe: mayBeCompose, load: async () => yamlReader((await import('./compose')).readCompose) },
  { format: 'kubernetes', mayBe: mayBeKubernetes, load: async () => (await import('./kubernetes')).readKubernetes },
  { format: 'ansible', mayBe: mayBeAnsible, load: async () => yamlReader((await import('./ansible')).readAnsible) },
  { format: 'julieops', mayBe: mayBeJulieOps, load: async () => yamlReader((await import('./gitops')).readJulieOps) },
  {
    format: 'kafka-gitops',
    mayBe: mayBeKafkaGitops,
    load: async () => yamlReader((await import('./gitops')).readKafkaGitops),
  },
  { format: 'terraform', mayBe: mayBeTerraform, load: () => readTerraform },
  { format: 'describe', mayBe: mayBeDescribe, load: () => readDescribe },
  { format: 'properties', mayBe: mayBeProperties, load: () => readPropertiesFile },
  { format: 'shell', mayBe: mayBeShell, load: () => readShell },
];

/** The YAML library takes a large file in steps, whatever is made of it then. */
async function yamlReader(read: Reader): Promise<SteppingReader> {
  return (await import('./yaml/document')).onceParsed(read);
}

type AnyReader = Reader | SteppingReader;

interface FormatEntry {
  readonly format: Format;
  readonly mayBe: (file: SourceFile) => boolean;
  readonly load: () => AnyReader | Promise<AnyReader>;
}

interface LoadedFormat {
  readonly format: Format;
  readonly mayBe: (file: SourceFile) => boolean;
  readonly read: AnyReader;
}

/** Reads one file. Total: it never throws, and every offset it yields lies in the text. */
export type ReadDocument = (uri: string, text: string) => DocumentReading;

/** Whether a file could be one of ours. Costs a search for a few words; an unrelated file is not read any further. */
export function mayDeclare(uri: string, text: string): boolean {
  const file = sourceFile(uri, text);
  return formats.some((entry) => entry.mayBe(file));
}

/**
 * Reads one file, loading first what its format needs.
 * @param breathe for a thread that others use as well: see {@link Breathe}
 */
export async function readDocument(uri: string, text: string, breathe?: Breathe): Promise<DocumentReading> {
  const file = sourceFile(uri, text);
  const candidates: LoadedFormat[] = [];
  for (const { format, mayBe, load } of formats) {
    if (!mayBe(file)) continue;
    const reader = load();
    // Most readers are there: only the first YAML file has to wait for its own.
    candidates.push({ format, mayBe, read: reader instanceof Promise ? await reader : reader });
  }
  const steps = readInSteps(candidates, file);
  return breathe === undefined ? allSteps(steps) : breathing(steps, breathe);
}

/** Loads all readers, for those who cannot wait while reading. */
export async function loadReaders(): Promise<ReadDocument> {
  const loaded = await Promise.all(formats.map(loadFormat));
  return (uri, text) => {
    const file = sourceFile(uri, text);
    return allSteps(
      readInSteps(
        loaded.filter((format) => format.mayBe(file)),
        file,
      ),
    );
  };
}

async function loadFormat({ format, mayBe, load }: FormatEntry): Promise<LoadedFormat> {
  return { format, mayBe, read: await load() };
}

function* readInSteps(candidates: readonly LoadedFormat[], file: SourceFile): Generator<void, DocumentReading> {
  const nothing: DocumentReading = { uri: file.uri, format: null, declarations: [], problems: [] };
  if (candidates.length === 0) return nothing;
  const tooLong = lengthProblem(file.text);
  if (tooLong !== null) return file.text.includes('\0') ? nothing : { ...nothing, problems: [tooLong] };
  if (file.text.includes('\0')) return readBinary(candidates, file);
  for (const { format, read } of candidates) {
    const found = yield* inSteps(read(file));
    if (found === null) continue;
    const { declarations, problems } = withinCount(found.declarations, found.problems);
    return { uri: file.uri, format, declarations, problems };
  }
  return nothing;
}

function* inSteps(reading: ReturnType<AnyReader>): Generator<void, Found | null> {
  return reading !== null && 'next' in reading ? yield* reading : reading;
}

/**
 * A text with NUL in it is no text, and by far the most such files are pictures and archives that nobody asks about. But
 * what would be one of ours without it is told so: no broker reads it either.
 */
function readBinary(candidates: readonly LoadedFormat[], { uri, text }: SourceFile): DocumentReading {
  const plain = sourceFile(uri, text.replaceAll('\0', ''));
  const ours = candidates.find(({ read }) => (allSteps(inSteps(read(plain)))?.declarations.length ?? 0) > 0);
  if (ours === undefined) return { uri, format: null, declarations: [], problems: [] };
  const start = text.indexOf('\0');
  const message = 'A NUL character stands here, so this is not plain text and nothing of it is read. Save it as UTF-8.';
  return {
    uri,
    format: ours.format,
    declarations: [],
    problems: [{ kind: 'syntax', span: { start, end: start + 1 }, message }],
  };
}

function lengthProblem(text: string): ReaderProblem | null {
  const { fileLengthMax, lineLengthMax } = limits;
  if (text.length > fileLengthMax) {
    return { kind: 'limit', span: { start: 0, end: 0 }, limit: 'file-size', found: text.length, bound: fileLengthMax };
  }
  const line = overlongLine(text, lineLengthMax);
  if (line === null) return null;
  const span = { start: line.start, end: line.start };
  return { kind: 'limit', span, limit: 'line-length', found: line.end - line.start, bound: lineLengthMax };
}

function withinCount(
  declarations: readonly Declaration[],
  problems: readonly ReaderProblem[],
): Pick<DocumentReading, 'declarations' | 'problems'> {
  const bound = limits.declarationCountMax;
  const first = declarations[bound];
  if (first === undefined) return { declarations, problems };
  const limit: ReaderProblem = {
    kind: 'limit',
    span: first.span,
    limit: 'declarations',
    found: declarations.length,
    bound,
  };
  return { declarations: declarations.slice(0, bound), problems: [...problems, limit] };
}

/** Every placement of a file, each once, in the order of the text: whole files, inline ones, defaults of brokers. */
export function placementsOf(reading: DocumentReading): readonly PlacementDeclaration[] {
  const placements = new Set<PlacementDeclaration>();
  for (const declaration of reading.declarations) {
    if (declaration.kind === 'placement') placements.add(declaration);
    else if (declaration.kind === 'topic' && declaration.placement?.kind === 'inline') {
      placements.add(declaration.placement.placement);
    } else if (declaration.kind === 'default' && declaration.default.of === 'placement') {
      placements.add(declaration.default.placement);
    }
  }
  return [...placements].sort((a, b) => a.span.start - b.span.start);
}
