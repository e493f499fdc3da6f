import type { CommandRun } from '../../output/command-run'
import { plainText } from '../../../core/base/text/plain-text'
import type { AutoStopMode } from '../../../core/pod-rules/pod-rules'
import { type Control, type AccountControls, refusalExit } from '../../account/open-control'
import { settleAccounts } from '../../account/settle-accounts'
import { exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION, type NamedAccount } from '../../output/json'
import type { CliOutput } from '../../output/terminal'
import { type AutoStopName, autoStopModes } from '../arguments'
import { failedExit, reportFailures } from '../find/account-failures'
import { readAccount } from './controlled-pod'
import { controlOf } from './pod-account'
import { autoStopTexts } from './control-text'

export interface AutoStopOptions extends Pick<CommandRun, 'isJson' | 'output'> {
  readonly control: Control
  readonly account: NamedAccount
  /** Absent: it is only shown. */
  readonly mode: AutoStopName | undefined
}

/** Shows or changes which pods of the account may be stopped automatically; returns the exit code. */
export async function autoStop({ control, account, mode, isJson, output }: AutoStopOptions): Promise<number> {
  // The first poll says whether the key is for this account.
  let { guard } = await readAccount(control, output)
  if (mode !== undefined) {
    const changed = await control.requests.setAutoStop(autoStopModes[mode])
    if (!changed.ok) throw refusalExit(changed.error)
    guard = (await readAccount(control, output)).guard
  }
  output.result(
    isJson
      ? JSON.stringify({
          version: JSON_VERSION,
          autoStop: autoStopName(guard.autoStop),
          account: accountJson(account),
        })
      : autoStopTexts[guard.autoStop],
  )
  return exitCodes.ok
}

/** Shows which pods of each account may be stopped automatically; returns the exit code. */
export async function showAutoStops(options: {
  readonly accounts: readonly NamedAccount[]
  readonly controls: AccountControls
  readonly isJson: boolean
  readonly output: CliOutput
}): Promise<number> {
  const { accounts, controls, isJson, output } = options
  const reads = await settleAccounts(accounts, async (account) => {
    const { guard } = await readAccount(controlOf(controls.all[accounts.indexOf(account)]), output)
    return { account, mode: guard.autoStop }
  })
  const read = reads.flatMap((one) => (one.ok ? [one.value] : []))
  const failures = reportFailures(accounts, reads, output)
  if (read.length === 0) throw failedExit(failures)
  if (isJson) output.result(JSON.stringify(showJson(read)))
  else
    for (const { account, mode } of read) output.result(`${plainText(account.name)}: ${autoStopTexts[mode]}`)
  return failures.length === 0 ? exitCodes.ok : exitCodes.someAccounts
}

const showJson = (read: readonly { account: NamedAccount; mode: AutoStopMode }[]): unknown => ({
  version: JSON_VERSION,
  autoStop: sameAutoStop(read.map(({ mode }) => mode)),
  accounts: read.map(({ account, mode }) => ({ ...accountJson(account), autoStop: autoStopName(mode) })),
})

/** What all accounts have chosen; null where they differ, or where nothing was chosen yet. */
export function sameAutoStop(modes: readonly AutoStopMode[]): AutoStopName | null {
  const [mode = 'undecided', ...others] = new Set(modes)
  return others.length === 0 ? autoStopName(mode) : null
}

/** The mode as it is typed; null: nothing was chosen yet. */
export const autoStopName = (mode: AutoStopMode): AutoStopName | null =>
  mode === 'undecided' ? null : mode === 'ticked' ? 'selected' : mode
