import { expect, it } from 'vitest';
import { headingLines } from '../../../src/editor/headings';

it('finds the headings that are a rule’s code, and no others', () => {
  const markdown = '# The rules\n\n## rack-unknown\ntext\n### `json-syntax`\n#no-heading\n## rack-unknown\n';
  expect([...headingLines(markdown)]).toEqual([
    ['rack-unknown', 2],
    ['json-syntax', 4],
  ]);
});
