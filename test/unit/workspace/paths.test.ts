import { describe, expect, it } from 'vitest';
import {
  below,
  commonDepth,
  folderOf,
  isInside,
  nameOf,
  parsePath,
  relativeTo,
  resolve,
} from '../../../src/workspace/paths';

const path = (uri: string): string => {
  const { root, segments } = parsePath(uri);
  return `${root} ${segments.join('/')}`;
};

describe('parsePath', () => {
  it.each([
    ['file:///shop/placements/a%20b.json', 'file:// shop/placements/a b.json'],
    ['vscode-vfs://github/acme/shop/a.json', 'vscode-vfs://github acme/shop/a.json'],
    ['untitled:Untitled-1', 'untitled: Untitled-1'],
    ['/shop/a.json', '/ shop/a.json'],
    ['./shop/../a.json', ' a.json'],
    ['C:\\shop\\a.json', ' C:/shop/a.json'],
    ['file:///bad%zz.json', 'file:// bad%zz.json'],
    ['https://host/a.json?x=../../b#c', 'https://host a.json'],
  ])('%s', (uri, expected) => expect(path(uri)).toBe(expected));
});

describe('resolve', () => {
  const folder = parsePath('file:///shop/scripts');
  const resolved = (written: string): string | null => resolve(folder, written)?.segments.join('/') ?? null;
  it('takes relative and absolute paths', () => {
    expect(resolved('../placements/a.json')).toBe('shop/placements/a.json');
    expect(resolved('/etc/a.json')).toBe('etc/a.json');
    expect(resolved('..\\a.json')).toBe('shop/a.json');
  });
  it('never leads out of everything, into a home folder or through a variable', () => {
    for (const written of ['../../../etc/passwd', '~/a.json', '$HOME/a.json', 'x/$DIR/a.json', 'a\0.json', '']) {
      expect(resolved(written)).toBeNull();
    }
  });
});

describe('below', () => {
  it('is what is left of a path under a mount point', () => {
    expect(below('/etc/kafka', '/etc/kafka/placements/a.json')).toBe('placements/a.json');
    expect(below('/etc/kafka/', '/etc/kafka')).toBe('');
    expect(below('/etc/kaf', '/etc/kafka/a.json')).toBeNull();
    expect(below('/etc/kafka', 'a.json')).toBeNull();
    expect(below('/etc/kafka', '/etc/kafka/../passwd')).toBeNull();
  });
});

describe('folders', () => {
  const file = parsePath('file:///shop/placements/a.json');
  it('know their parts', () => {
    expect(nameOf(file)).toBe('a.json');
    expect(isInside(parsePath('file:///shop'), file)).toBe(true);
    expect(isInside(parsePath('file:///sho'), file)).toBe(false);
    expect(isInside(parsePath('other:///shop'), file)).toBe(false);
    expect(commonDepth(file, parsePath('file:///shop/scripts/b.sh'))).toBe(1);
    expect(relativeTo(folderOf(file), file)).toBe('a.json');
  });
});
