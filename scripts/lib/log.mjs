/** An error that the user can fix: its message is shown without a stack trace. */
export class UserError extends Error {}

/** Prints one line of progress to stdout. */
export function log(line) {
  process.stdout.write(`${line}\n`)
}

/** Prints one line to stderr, for commands whose stdout is their result. */
export function warn(line) {
  process.stderr.write(`${line}\n`)
}

/** Runs a command's main function. A `UserError` prints its message and sets exit code 1; any other error is thrown. */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    warn(error.message)
    process.exitCode = 1
  }
}
