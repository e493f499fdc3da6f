import type { AutoStopMode } from '../../../core/pod-rules/pod-rules'
import { type Control, refusalExit } from '../../account/open-control'
import { exitCodes } from '../../output/exit'
import { JSON_VERSION } from '../../output/json'
import type { CliOutput } from '../../output/terminal'
import { readAccount } from './controlled-pod'

/** What is typed for which pods may be stopped automatically. */
export const autoStopModes = { off: 'off', selected: 'ticked', all: 'all' } as const
export type AutoStopName = keyof typeof autoStopModes

export interface AutoStopOptions {
  readonly control: Control
  /** Absent: it is only shown. */
  readonly mode: AutoStopName | undefined
  readonly isJson: boolean
  readonly output: CliOutput
}

/** Shows or changes which pods of the account may be stopped automatically; returns the exit code. */
export async function autoStop({ control, mode, isJson, output }: AutoStopOptions): Promise<number> {
  // The first poll says whether the key is for this account.
  let { guard } = await readAccount(control, output)
  if (mode !== undefined) {
    const changed = await control.requests.setAutoStop(autoStopModes[mode])
    if (!changed.ok) throw refusalExit(changed.error)
    guard = (await readAccount(control, output)).guard
  }
  output.result(
    isJson
      ? JSON.stringify({ version: JSON_VERSION, autoStop: autoStopName(guard.autoStop) })
      : modeTexts[guard.autoStop],
  )
  return exitCodes.ok
}

/** The mode as it is typed; null: nothing was chosen yet. */
export const autoStopName = (mode: AutoStopMode): AutoStopName | null =>
  mode === 'undecided' ? null : mode === 'ticked' ? 'selected' : mode

const modeTexts: Readonly<Record<AutoStopMode, string>> = {
  undecided: 'Nothing was chosen yet, so no pod is stopped automatically once quiet.',
  off: 'off: no pod is stopped automatically once quiet.',
  ticked: 'selected: pods with isAutoStopped=true are stopped automatically once quiet.',
  all: 'all: every pod is stopped automatically once quiet, except those with isAutoStopped=false.',
}
