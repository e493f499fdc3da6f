import { burnRateText } from '../../core/money/burn-rate'
import { providerName } from '../../core/settings/account-record'
import type { AccountPart, Snapshot } from '../../core/view/snapshot'
import { connectionProblem } from '../../core/view/tray/tray-model'
import { LOW_RUNWAY_MS } from '../money/lowest-balance'
import { runwayText } from '../money/spend-text'

/** "Runpod, key …9f3c". */
export function accountKindText({ entry }: AccountPart): string {
  if (entry.isDemo) return 'On this computer'
  const provider = entry.lab === undefined ? providerName(entry.provider) : 'Hubify lab'
  return entry.keyEnding === undefined ? provider : `${provider}, key …${entry.keyEnding}`
}

/** What an account needs, or how long its balance lasts. */
export function accountStateText({ entry, connection, runwayMs }: AccountPart): string {
  if (entry.isPaused) return 'Paused'
  if (connection.kind === 'no-account')
    return connection.keptKey === undefined ? 'Not connected' : 'Key can’t be used'
  if (connection.kind === 'connecting') return 'Connecting…'
  const problem = connectionProblem(connection)
  if (problem !== null) return problem
  return runwayMs === null ? '' : `Balance ${runwayText(runwayMs)}`
}

/** "$3.86/hr", or "at least" while something is unknown. */
export function accountRateText({ burn, listedAtMs }: AccountPart): string {
  if (listedAtMs === null) return '–'
  return burnRateText(burn)
}

/** It is not watched, or its balance is almost used up. */
export function isInTrouble({ connection, runwayMs }: AccountPart): boolean {
  const isWatched = connection.kind === 'live' || connection.kind === 'connecting'
  return !isWatched || (runwayMs !== null && runwayMs < LOW_RUNWAY_MS)
}

export const accountMenuText = {
  current: 'Account:',
  label: 'Account',
  show: 'Show',
  all: 'All accounts',
  accounts: 'Accounts',
  add: 'Add an account',
  manage: 'Manage accounts',
  pods({ pods }: Snapshot): string {
    const running = pods.filter(({ phase }) => phase === 'running').length
    return `${pods.length === 1 ? '1 pod' : `${pods.length} pods`}, ${running} running`
  },
} as const
