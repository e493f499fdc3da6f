/** What a command's exit code says. Documented in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** What was asked for did not come about; the message says why. */
  failed: 1,
  usage: 2,
  /** No key, a key that is kept unsafely, or one that Runpod does not accept. */
  noKey: 3,
  /** No answer, or none of the API's: nothing is known. */
  unreachable: 4,
  /** No such pod, or several by that name. */
  notFound: 5,
  /** Another Podkeeper acts on this data folder. */
  held: 6,
  hangup: 129,
  /** ^C, or an action that was taken back. */
  interrupted: 130,
  terminated: 143,
} as const

/** Ends the command: `message` goes to stderr, in words for people. */
export class Ending extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message)
  }
}
