/** Ends a command with a message for people and no stack trace. */
export class Refusal extends Error {}

/** One line of news: what is being done, or what to know. */
export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** As `say`, where stdout is for what was asked. */
export function warn(line) {
  process.stderr.write(`${line}\n`)
}

/** Runs a command's main function; a `Refusal` is told in its own words and ends with exit code 1. */
export async function runCommand(main) {
  try {
    process.exitCode = (await main()) ?? 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    warn(error.message)
    process.exitCode = 1
  }
}
