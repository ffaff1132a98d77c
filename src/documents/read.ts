import { mayBeClusterFile, readClusterFile } from './clusterFile';
import type { Declaration, DocumentReading, Format, PlacementDeclaration, ReaderProblem } from './declaration';
import { mayBeDescribe, readDescribe } from './describe';
import { limits, overlongLine } from './limits';
import { mayBePlacementJson, readPlacementJson } from './placementJson';
import { mayBeProperties, readPropertiesFile } from './properties';
import { type Reader, type SourceFile, type SteppingReader, sourceFile } from './reader';
import { mayBeScenarioFile, readScenarioDocument } from './scenarioFile';
import { mayBeShell, readShell } from './shell';
import { allSteps, type Breathe, breathing } from './steps';
import { mayBeTerraform, readTerraform } from './terraform';
import { mayBeTopicJson, readTopicJson } from './topicJson';
import { mayBeAnsible, mayBeCompose, mayBeJulieOps, mayBeKafkaGitops, mayBeKubernetes } from './yamlFormats';

/**
 * One line for each format, in the order in which they are asked. `mayBe` is cheap and may err towards yes; the reader
 * itself decides.
 */
const formats: readonly FormatEntry[] = [
  { format: 'scenario-file', mayBe: mayBeScenarioFile, reader: () => readScenarioDocument },
  { format: 'cluster-file', mayBe: mayBeClusterFile, reader: () => readClusterFile },
  { format: 'placement-json', mayBe: mayBePlacementJson, reader: () => readPlacementJson },
  { format: 'topic-json', mayBe: mayBeTopicJson, reader: () => readTopicJson },
  { format: 'compose', mayBe: mayBeCompose, reader: () => yaml?.compose },
  { format: 'kubernetes', mayBe: mayBeKubernetes, reader: () => yaml?.kubernetes },
  { format: 'ansible', mayBe: mayBeAnsible, reader: () => yaml?.ansible },
  { format: 'julieops', mayBe: mayBeJulieOps, reader: () => yaml?.julieOps },
  { format: 'kafka-gitops', mayBe: mayBeKafkaGitops, reader: () => yaml?.kafkaGitops },
  { format: 'terraform', mayBe: mayBeTerraform, reader: () => readTerraform },
  { format: 'describe', mayBe: mayBeDescribe, reader: () => readDescribe },
  { format: 'properties', mayBe: mayBeProperties, reader: () => readPropertiesFile },
  { format: 'shell', mayBe: mayBeShell, reader: () => readShell },
];

interface FormatEntry {
  readonly format: Format;
  readonly mayBe: (file: SourceFile) => boolean;
  /** `undefined` where it has to be loaded first. */
  readonly reader: () => Reader | SteppingReader | undefined;
}

/** The readers of YAML. Their library is large: it is kept out of memory until the first YAML file is seen. */
let yaml: typeof import('./yamlReaders') | undefined;

async function loadYaml(): Promise<void> {
  yaml = await import('./yamlReaders');
}

/** Reads one file. Total: it never throws, and every offset it yields lies in the text. */
export type ReadDocument = (uri: string, text: string) => DocumentReading;

/** Whether a file could be one of ours. Costs a search for a few words; an unrelated file is not read any further. */
export function mayDeclare(uri: string, text: string): boolean {
  const file = sourceFile(uri, text);
  return formats.some((entry) => entry.mayBe(file));
}

/**
 * Reads one file: at once, or as a promise where the reader has to be loaded first, or others get the thread meanwhile.
 * @param breathe for a thread that others use as well: see {@link Breathe}
 */
export function readDocument(uri: string, text: string, breathe?: Breathe): DocumentReading | Promise<DocumentReading> {
  const file = sourceFile(uri, text);
  const read = (): DocumentReading | Promise<DocumentReading> => {
    const steps = readInSteps(file);
    return breathe === undefined ? allSteps(steps) : breathing(steps, breathe);
  };
  const isMissing = formats.some(({ mayBe, reader }) => reader() === undefined && mayBe(file));
  return isMissing ? loadYaml().then(read) : read();
}

/** Loads all readers, for those who cannot wait while reading. */
export async function loadReaders(): Promise<ReadDocument> {
  await loadYaml();
  return (uri, text) => allSteps(readInSteps(sourceFile(uri, text)));
}

function* readInSteps(file: SourceFile): Generator<void, DocumentReading> {
  const { uri } = file;
  let isChecked = false;
  for (const { format, mayBe, reader } of formats) {
    if (!mayBe(file)) continue;
    if (!isChecked) {
      const unread = leftUnread(file);
      if (unread !== null) return unread;
      isChecked = true;
    }
    const reading = reader()?.(file) ?? null;
    const found = reading !== null && 'next' in reading ? yield* reading : reading;
    if (found === null) continue;
    const { declarations, problems } = withinCount(found.declarations, found.problems);
    return { uri, format, declarations, problems };
  }
  return nothingIn(uri);
}

function nothingIn(uri: string): DocumentReading {
  return { uri, format: null, declarations: [], problems: [] };
}

/** What is said instead of reading a file that is too long for it, or no text; `null` for all others. */
function leftUnread(file: SourceFile): DocumentReading | null {
  const { uri, text } = file;
  const tooLong = lengthProblem(text);
  const isBinary = text.includes('\0');
  if (tooLong !== null) return isBinary ? nothingIn(uri) : { ...nothingIn(uri), problems: [tooLong] };
  return isBinary ? readBinary(file) : null;
}

/**
 * A text with NUL in it is no text, and by far the most such files are pictures and archives that nobody asks about. But
 * what would be one of ours without it is told so: no broker reads it either.
 */
function readBinary(file: SourceFile): DocumentReading {
  const { uri, text } = file;
  const plain = sourceFile(uri, text.replaceAll('\0', ''));
  const ours = formats.find(({ mayBe, reader }) => mayBe(file) && declaresAny(reader()?.(plain) ?? null));
  if (ours === undefined) return nothingIn(uri);
  const start = text.indexOf('\0');
  const message = 'A NUL character stands here, so this is not plain text and nothing of it is read. Save it as UTF-8.';
  return {
    ...nothingIn(uri),
    format: ours.format,
    problems: [{ kind: 'syntax', span: { start, end: start + 1 }, message }],
  };
}

function declaresAny(reading: ReturnType<Reader | SteppingReader>): boolean {
  const found = reading !== null && 'next' in reading ? allSteps(reading) : reading;
  return found !== null && found.declarations.length > 0;
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
