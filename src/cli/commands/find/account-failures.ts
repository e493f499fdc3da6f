import type { Result } from '../../../core/base/result'
import type { AccountFailure } from '../../account/account'
import { CliExit, exitCodes } from '../../output/exit'
import type { CliOutput } from '../../output/terminal'
import { accountListText } from '../../account/account-text'

/** The accounts whose read failed, in their order. */
export const failuresOf = (
  accounts: readonly { readonly name: string }[],
  reads: readonly Result<unknown, CliExit>[],
): readonly AccountFailure[] =>
  accounts.flatMap(({ name }, index) => {
    const read = reads[index]
    return read?.ok === false ? [{ name, exit: read.error }] : []
  })

/** Prints a line for each account whose read failed, and returns them. With one account, its exit says it. */
export function reportFailures(
  accounts: readonly { readonly name: string }[],
  reads: readonly Result<unknown, CliExit>[],
  output: CliOutput,
): readonly AccountFailure[] {
  const failures = failuresOf(accounts, reads)
  if (failures.length < accounts.length) printFailures(failures, output)
  return failures
}

export function printFailures(failures: readonly AccountFailure[], output: CliOutput): void {
  for (const { name, exit } of failures) output.progress(`${name}: ${exit.message}`)
}

/** The exit of a command to which no account answered. Where the reasons differ, the first one gives the code. */
export function failedExit(failures: readonly AccountFailure[]): CliExit {
  const [first, ...others] = failures
  if (first === undefined) return new CliExit(exitCodes.failed, accountListText.noAccounts)
  if (others.length === 0) return first.exit
  return new CliExit(
    first.exit.exitCode,
    failures.map(({ name, exit }) => `${name}: ${exit.message}`).join('\n'),
  )
}
