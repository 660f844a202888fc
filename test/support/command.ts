import type { showSteps } from '../../dev/progress.mjs';
import { onStopRequest } from '../../dev/stop-request.ts';

export type Command<Options extends object> = {
  help: string;
  /** `wrong`: what is wrong with the command line. */
  options: Options | 'help' | { wrong: string };
  steps: ReturnType<typeof showSteps>;
  run(options: Options): Promise<void>;
  /** Ends what is open, also where it was interrupted or failed. */
  close(): Promise<void>;
};

/** Runs a command of npm that takes long: help, a wrong command line (exit code 2), an error (1) and Ctrl-C (130) as everywhere. */
export async function runCommand<Options extends object>(command: Command<Options>): Promise<void> {
  const { help, options, steps, run, close } = command;
  async function end(code: number): Promise<void> {
    steps.drop();
    await close();
    process.exit(code);
  }
  onStopRequest(
    () => void end(130),
    () => process.exit(130),
  );
  if (options === 'help') process.stdout.write(help);
  else if ('wrong' in options) {
    process.stderr.write(`${options.wrong}\n\n${help}`);
    process.exitCode = 2;
  } else {
    await run(options).catch(async (error: Error) => {
      steps.fail();
      process.stderr.write(`${error.stack}\n`);
      await end(1);
    });
  }
}
