import { nodeDisk } from './disk';
import { run } from './run';

/** The program `kafka-failover-lens`: everything it touches outside of itself is handed over here. */
const { stdout, stderr } = process;
const { NO_COLOR = '', TERM } = process.env;
run(process.argv.slice(2), {
  disk: nodeDisk,
  cwd: process.cwd(),
  out: (text) => stdout.write(text),
  err: (text) => stderr.write(text),
  // https://no-color.org: set to anything but nothing, it means no.
  colour: stdout.isTTY === true && NO_COLOR === '' && TERM !== 'dumb',
}).then(
  (code) => {
    process.exitCode = code;
  },
  (thrown: unknown) => {
    stderr.write(
      `kafka-failover-lens: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`,
    );
    process.exitCode = 2;
  },
);
