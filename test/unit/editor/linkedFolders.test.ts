import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDisk } from '../../../src/cli/disk';
import { walk } from '../../../src/cli/walk';
import { LinkedFolders } from '../../../src/editor/linkedFolders';

describe('files behind symbolic links', () => {
  const links = ['/w/linked', '/w/a/link.json', '/outside'];
  const asked: string[] = [];
  const folders = new LinkedFolders(async (path) => {
    asked.push(path);
    return links.includes(path);
  });

  it.each([
    ['/w/a/p.json', false],
    ['/w/a/link.json', true],
    ['/w/linked/deep/down/p.json', true],
    ['/w/linked-not/p.json', false],
  ])('%s: %s', async (file, behind) => {
    expect(await folders.leadTo(file, '/w/')).toBe(behind);
  });

  it('are told by the folders inside the workspace only, each asked for once', async () => {
    expect(await folders.leadTo('/outside/w/p.json', '/outside/w')).toBe(false);
    await folders.leadTo('/w/a/q.json', '/w');
    expect(asked.filter((path) => path === '/w/a')).toHaveLength(1);
  });

  it('are left alone on a real disk too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'links-'));
    try {
      await mkdir(join(folder, 'inside'));
      await mkdir(join(folder, 'outside'));
      await writeFile(join(folder, 'outside', 'p.json'), '{}');
      await writeFile(join(folder, 'inside', 'q.json'), '{}');
      await symlink(join(folder, 'outside'), join(folder, 'inside', 'away'));
      await symlink(join(folder, 'outside', 'p.json'), join(folder, 'inside', 'r.json'));
      await symlink(folder, join(folder, 'inside', 'round'));
      const found: string[] = [];
      for await (const walked of walk(nodeDisk, join(folder, 'inside'))) {
        found.push(`${walked.path.slice(folder.length)}${'left' in walked ? ' left' : ''}`);
      }
      expect(found).toEqual(['/inside/away left', '/inside/q.json', '/inside/r.json left', '/inside/round left']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
