import type { Disk } from './disk';

/** All that the program touches outside of itself. */
export interface Surroundings {
  readonly disk: Disk;
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly colour: boolean;
}

/**
 * `check`: 0 nothing above information, 1 warnings or errors. `simulate`: 0 nothing lost and writes came back, 1 otherwise.
 * Both: 2 could not run.
 */
export type ExitCode = 0 | 1 | 2;
