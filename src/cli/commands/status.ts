import type { Monitor } from '../../core/monitor/monitor-types'
import type { Snapshot } from '../../core/view/snapshot'
import { showAccount } from '../../core/view/merge-snapshots'
import { trayModel } from '../../core/view/tray/tray-model'
import type { CliExit } from '../output/exit'
import { statusText } from './commands-text'
import { connectionExit, firstSnapshot } from './first-snapshot'
import { span, type StyledLine } from '../output/color'
import { podTable, unknownActivityText } from '../output/pod-text'
import { truncateText, wrapText } from '../output/text'

const BALANCE_TIMEOUT_MS = 5_000

/** What became known of an account. */
export interface AccountStatus {
  readonly snapshot: Snapshot
  /** Why there is nothing to show, or only something old; null: there is. */
  readonly problem: CliExit | null
}

/** Polls the account once. `hasBalance`: whether its API tells one. */
export async function readStatus(monitor: Monitor, hasBalance = true): Promise<AccountStatus> {
  const snapshot = await firstSnapshot(monitor)
  const problem = connectionExit(snapshot.connection)
  return { snapshot: problem === null && hasBalance ? await waitForBalance(monitor) : snapshot, problem }
}

/** The balance is requested after the list; the command doesn't wait for a slow response. */
function waitForBalance(monitor: Monitor): Promise<Snapshot> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      unsubscribe()
      resolve(monitor.snapshot())
    }
    const timer = setTimeout(done, BALANCE_TIMEOUT_MS)
    const unsubscribe = monitor.subscribe(({ balance }) => {
      if (balance.kind !== 'not-asked') done()
    })
    if (monitor.snapshot().balance.kind !== 'not-asked') done()
  })
}

/** Formats the accounts as a table and lines about money, in at most `width` columns. */
export function statusLines(snapshot: Snapshot, width: number): readonly StyledLine[] {
  const nameOf = podNames(snapshot)
  const notes = [
    ...snapshot.pods.flatMap((pod) => {
      const reason = unknownActivityText(pod)
      return reason === null || pod.activity.kind === 'idle' ? [] : [`${nameOf(pod)}: ${reason}.`]
    }),
    ...(snapshot.isListPartial ? [statusText.isPartial] : []),
    ...snapshot.gonePods.map((pod) => statusText.goneSince(nameOf(pod), pod, snapshot.atMs)),
  ]
  return [
    ...(snapshot.pods.length > 0 ? podTable(snapshot, width) : [[span(statusText.noPods)]]),
    [],
    ...summaryLines(snapshot, width),
    ...notes
      .flatMap((note) => wrapText(note, width))
      .map((text): StyledLine => [span(truncateText(text, width), 'dim')]),
  ]
}

/** A pod's name, with that of its account where there are several. */
function podNames({ accounts }: Snapshot): (pod: { name: string; accountId: string }) => string {
  if (accounts.length < 2) return ({ name }) => name
  const names = new Map(accounts.map(({ entry }) => [entry.id, entry.name]))
  return ({ name, accountId }) => `${name} (${names.get(accountId) ?? ''})`
}

/** All accounts together, and a line for each where there are several. */
export function summaryLines(snapshot: Snapshot, width: number): readonly StyledLine[] {
  const { accounts } = snapshot
  const total = wrapText(summaryText(snapshot), width).map((text): StyledLine => [span(text, 'strong')])
  if (accounts.length < 2) return total
  const perAccount = accounts.flatMap(({ entry }) => {
    const own = { ...showAccount(snapshot, entry.id), accounts: [] }
    return wrapText(`${entry.name}: ${summaryText(own)}`, width)
  })
  return [...total, ...perAccount.map((text): StyledLine => [span(text)])]
}

/** "3 running · $18.25/hr · balance $164.20, lasts 9 h". */
export function summaryText(snapshot: Snapshot): string {
  const { balance, runwayMs } = snapshot
  const money = balance.kind === 'known' ? statusText.balance(balance.usd, runwayMs) : null
  const demo = snapshot.account?.isDemo ? [statusText.demo] : []
  return [...demo, trayModel(snapshot).tooltip, ...(money === null ? [] : [money])].join(' · ')
}
