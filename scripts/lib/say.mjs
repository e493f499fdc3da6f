/** An expected error: its message is printed without a stack trace. */
export class Refusal extends Error {}

/** Prints one line of progress. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** Like `say`, but to stderr, for commands whose stdout is their result. */
export function warn(line) {
  process.stderr.write(`${line}\n`)
}

/** Runs a command's main function. A `Refusal` prints its message and ends with exit code 1. */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    warn(error.message)
    process.exitCode = 1
  }
}
