import { readFileSync } from 'node:fs';
import { replayFiles } from './fileReplay';

/** `npm run replay -- FILE…` */
process.exitCode = replayFiles(process.argv.slice(2), {
  readFile: (file) => readFileSync(file),
  print: (line) => console.log(line),
  printError: (line) => console.error(line),
});
