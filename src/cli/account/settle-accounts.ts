import { errorText, wentWrongText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import { SECOND_MS } from '../../core/base/time/time'
import { CliExit, exitCodes } from '../output/exit'
import { controlText } from './account-text'

/** How long an account may take once another one has answered. */
const PATIENCE_MS = 10 * SECOND_MS

/**
 * Reads all accounts at the same time; the results are in their order. Once one has answered, the others are not waited
 * for long. What fails is an error of its account alone.
 */
export async function settleAccounts<Account, Value>(
  accounts: readonly Account[],
  read: (account: Account) => Promise<Value>,
  patienceMs = PATIENCE_MS,
): Promise<readonly Result<Value, CliExit>[]> {
  let timer: NodeJS.Timeout | undefined
  let giveUp = (): void => {}
  const isTooLate = new Promise<Result<Value, CliExit>>((resolve) => {
    giveUp = () => resolve(fail(tooSlow(patienceMs)))
  })
  const results = await Promise.all(
    accounts.map((account) => {
      const reading = read(account).then(
        (value): Result<Value, CliExit> => {
          timer ??= setTimeout(giveUp, patienceMs)
          return ok(value)
        },
        (cause: unknown): Result<Value, CliExit> => fail(toExit(cause)),
      )
      return Promise.race([reading, isTooLate])
    }),
  )
  clearTimeout(timer)
  return results
}

const tooSlow = (patienceMs: number): CliExit =>
  new CliExit(exitCodes.unreachable, controlText.tooSlow(patienceMs))

const toExit = (cause: unknown): CliExit =>
  cause instanceof CliExit ? cause : new CliExit(exitCodes.failed, wentWrongText(errorText(cause)))
