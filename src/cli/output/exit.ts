/** The meanings of exit codes. Documented in docs/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The request failed; the message says why. */
  failed: 1,
  usage: 2,
  /** There is no key, it is stored unsafely, or Runpod rejects it. */
  noKey: 3,
  /** No response, or none from the API, so the state is unknown. */
  unreachable: 4,
  /** There is no such pod, or several with that name. */
  notFound: 5,
  /** Another Podkeeper process is active on this data folder. */
  folderLocked: 6,
  /** Some accounts could not be read; what was printed is about the others. */
  someAccounts: 7,
  /** `doctor` found something that doesn't work, or `apply --check` a difference. */
  problemFound: 8,
  /** The data folder has a format that this program doesn't support, so it can't act. Updating helps. */
  folderFormat: 9,
  /** The command was ended after its request was sent, which continues. */
  continues: 10,
  hangup: 129,
  /** ^C where nothing goes on, or an action that was undone. */
  interrupted: 130,
  terminated: 143,
} as const

/** Ends the command; `message` is user-facing text for stderr. */
export class CliExit extends Error {
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message)
  }
}

/** There is no key at all, so the account that the app stored may be asked about instead. */
export class NoKeyExit extends CliExit {
  constructor(message: string) {
    super(exitCodes.noKey, message)
  }
}
