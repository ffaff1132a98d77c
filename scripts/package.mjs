/** Builds the extension and packs it: `kafka-failover-lens.vsix`, which VS Code installs. Options go to the build. */
import { run } from './lib/processes.mjs';
import { inProject, root, vsixFile } from './lib/project.mjs';

// Everything is bundled, so no dependency is packed; and the README's links stay as they are, for there is no
// repository address to turn them into.
const vsce = [
  inProject('node_modules/@vscode/vsce/vsce'),
  'package',
  ...['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsixFile],
];
const build = ['scripts/build.mjs', ...process.argv.slice(2)];
process.exitCode = run(process.execPath, build, { cwd: root }) || run(process.execPath, vsce, { cwd: root });
