import * as vscode from 'vscode';
import type { Span } from '../documents/span';
import { LineIndex } from './lines';

/**
 * A file's text at one moment. Findings and edits speak in offsets of exactly this text, so they become ranges here,
 * never through the document, which may have moved on.
 */
export class TextSnapshot {
  readonly text: string;
  /** `TextDocument.version` where the text came from an open document, `null` where it was read from the disk. */
  readonly version: number | null;
  #lines: LineIndex | undefined;

  constructor(text: string, version: number | null) {
    this.text = text;
    this.version = version;
  }

  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }

  offsetOf(position: vscode.Position): number {
    return this.lines.offsetOf(position.line, position.character);
  }
}

/** The one place where offsets become a range. */
export function toRange(snapshot: TextSnapshot, span: Span): vscode.Range {
  const start = snapshot.lines.locate(span.start);
  const end = snapshot.lines.locate(span.end);
  return new vscode.Range(start.line, start.character, end.line, end.character);
}
