import { isAboutConnection } from '../../obstacles/obstacle'
import { managingServiceName } from '../../pods/pod'
import { RUNPOD_NAME } from '../../pods/labs/service-name'
import { formatDuration, formatTimeOfDay, formatUsd, formatUsdPerHour } from '../../base/text/format'
import { HOUR_MS } from '../../base/time/time'
import { burnRateText } from '../../money/burn-rate'
import type { ConnectionView } from '../../polling/connection'
import { isIdle } from '../pod-state'
import { hasAccount, type Snapshot } from '../snapshot'
import type { TrayMenuEntry } from './tray-menu'
import { autoStopsEntries, nextStopEntries, podEntries, undoEntry, wholeMinutes } from './tray-pod-menu'

/** The shape of the tray icon: the first of these that applies. See docs/product-rules.md#7-tray. */
export type TrayState = 'key-refused' | 'offline' | 'short-of-money' | 'idle' | 'paused' | 'running' | 'calm'

/** The content of the tray as data, so that equal models need no update. */
export interface TrayModel {
  readonly state: TrayState
  readonly tooltip: string
  /** Text beside the icon, where the system supports it: running pods and amounts. */
  readonly title: string
  /** What is shown is old. */
  readonly isDimmed: boolean
  readonly menu: readonly TrayMenuEntry[]
}

/** The amounts in the title and tooltip: the current rate, this month's spend, or both. */
export type TrayTitle = 'burn' | 'month' | 'both'

export function trayModel(snapshot: Snapshot, amounts: TrayTitle = 'burn'): TrayModel {
  const tooltipParts = [
    connectionProblem(snapshot.connection),
    ...accountProblems(snapshot),
    moneyProblem(snapshot),
    summaryText(snapshot, amounts),
    accountQuestionText(snapshot),
    alertPauseText(snapshot),
    ...obstacleProblems(snapshot),
  ]
  const tooltip = tooltipParts.filter((text) => text !== null).join(' · ')
  const undos = snapshot.pods.flatMap(undoEntry)
  const pods = podEntries(snapshot)
  const separator: TrayMenuEntry = { kind: 'separator' }
  return {
    state: stateOf(snapshot),
    tooltip,
    title: title(snapshot, amounts),
    isDimmed: hasAccount(snapshot) && snapshot.connection.kind !== 'live',
    menu: [
      { kind: 'text', text: tooltip },
      ...undos,
      ...nextStopEntries(snapshot),
      separator,
      ...pods,
      ...(pods.length > 0 ? [separator] : []),
      pauseEntry(snapshot),
      ...autoStopsEntries(snapshot),
      separator,
      { kind: 'item', text: 'Open Podkeeper', command: { kind: 'open' } },
      { kind: 'item', text: 'Open window', command: { kind: 'open-window', page: 'pods' } },
      { kind: 'item', text: 'Settings…', command: { kind: 'open-window', page: 'settings' } },
      { kind: 'item', text: 'Quit', command: { kind: 'quit' } },
    ],
  }
}

/**
 * A balance that lasts no longer than this is low, which is critical. See docs/product-rules.md#62-delivery.
 */
const LOW_RUNWAY_MS = 6 * HOUR_MS

const isRunwayLow = ({ runwayMs }: Snapshot): boolean => runwayMs !== null && runwayMs <= LOW_RUNWAY_MS

/** The budget that is spent, as a sentence; null when none is. */
function spentBudgetText({ money }: Snapshot): string | null {
  const { monthShare = null, dayShare = null } = money?.budget ?? {}
  if (monthShare !== null && monthShare >= 1) return 'The monthly budget is spent'
  return dayShare !== null && dayShare >= 1 ? 'The daily budget is spent' : null
}

const isShortOfMoney = (snapshot: Snapshot): boolean =>
  isRunwayLow(snapshot) || spentBudgetText(snapshot) !== null

function stateOf(snapshot: Snapshot): TrayState {
  const { connection, idleCount, pods } = snapshot
  switch (connection.kind) {
    case 'key-refused':
    case 'forbidden':
      return 'key-refused'
    case 'offline':
    case 'unreadable':
    case 'key-doubted':
    case 'rate-limited':
      return 'offline'
    case 'no-account':
    case 'connecting':
    case 'live':
      if (isShortOfMoney(snapshot)) return 'short-of-money'
      if (idleCount > 0) return 'idle'
      if (snapshot.alertsPausedUntilMs !== null) return 'paused'
      return pods.some((pod) => pod.phase === 'running' || pod.phase === 'creating') ? 'running' : 'calm'
  }
}

/** A short description of a connection problem; null without one. */
export function connectionProblem(connection: ConnectionView): string | null {
  switch (connection.kind) {
    case 'key-refused':
      return 'The API key was rejected'
    case 'forbidden':
      return 'The API key can’t access pods'
    case 'key-doubted':
      return `The API key was rejected once; trying again at ${formatTimeOfDay(connection.retryAtMs)}`
    case 'offline':
      return `No response since ${formatTimeOfDay(connection.sinceMs)}`
    case 'unreadable':
      return `No readable response since ${formatTimeOfDay(connection.sinceMs)}`
    case 'rate-limited':
      return `Rate-limited until ${formatTimeOfDay(connection.untilMs)}`
    default:
      return null
  }
}

function moneyProblem(snapshot: Snapshot): string | null {
  const { runwayMs } = snapshot
  return runwayMs !== null && isRunwayLow(snapshot)
    ? `Balance lasts ${formatDuration(wholeMinutes(runwayMs))}`
    : spentBudgetText(snapshot)
}

function accountQuestionText({ account, accounts }: Snapshot): string | null {
  const isAsked = [account, ...accounts.map((part) => part.account)].some(
    (each) => each?.earlierKeyEnding !== undefined,
  )
  return isAsked ? 'no automatic stops until you confirm which account it is' : null
}

/** With several accounts: which of them are not watched now, and why. */
function accountProblems({ accounts }: Snapshot): readonly string[] {
  if (accounts.length < 2) return []
  return accounts.flatMap(({ entry, connection }) => {
    const problem = entry.isPaused ? null : connectionProblem(connection)
    return problem === null ? [] : [`${entry.name}: ${lowerFirst(problem)}`]
  })
}

/** Names of services stay as they are. */
const lowerFirst = (text: string): string =>
  text.startsWith(RUNPOD_NAME) || text.startsWith(managingServiceName)
    ? text
    : text.charAt(0).toLowerCase() + text.slice(1)

function alertPauseText({ alertsPausedUntilMs }: Snapshot): string | null {
  return alertsPausedUntilMs === null ? null : `alerts paused until ${formatTimeOfDay(alertsPausedUntilMs)}`
}

/** What keeps rules from being carried out, by the same list as everywhere. */
function obstacleProblems({ obstacles }: Snapshot): readonly string[] {
  const others = obstacles.filter((one) => !isAboutConnection(one))
  const texts = others.map((one) => (one.podId === null ? lowerFirst(one.title) : one.title))
  const [first, ...more] = texts
  if (first === undefined) return []
  return [more.length === 0 ? first : `${first}, and ${more.length} more`]
}

function pauseEntry({ alertsPausedUntilMs }: Snapshot): TrayMenuEntry {
  return alertsPausedUntilMs === null
    ? { kind: 'item', text: 'Pause alerts for 1 hour', command: { kind: 'pause-alerts' } }
    : { kind: 'item', text: 'Resume alerts', command: { kind: 'resume-alerts' } }
}

function title(snapshot: Snapshot, amounts: TrayTitle): string {
  if (!hasAccount(snapshot)) return ''
  return [...countTexts(snapshot), ...amountTexts(snapshot, amounts)].join(' · ')
}

/**
 * "$18.25/hr", "$412.80 this month", as chosen. The current rate when the month's spend is unknown or still being read.
 */
function amountTexts({ burn, money }: Snapshot, amounts: TrayTitle): readonly string[] {
  const rate = burnRateText(burn)
  if (money === null || money.isReadingBills === true || amounts === 'burn') return [rate]
  const month = `${money.spent.isAtLeast ? 'at least ' : ''}${formatUsd(money.spent.usd)} this month`
  return amounts === 'month' ? [month] : [rate, month]
}

function summaryText(snapshot: Snapshot, amounts: TrayTitle): string {
  const { connection, pods } = snapshot
  if (!hasAccount(snapshot)) return 'Podkeeper: not connected'
  if (connection.kind === 'connecting') return 'Podkeeper: connecting'
  const creating = pods.filter((pod) => pod.phase === 'creating').length
  return [
    ...countTexts(snapshot, wasteText(snapshot)),
    ...(creating > 0 ? [`${creating} creating`] : []),
    ...amountTexts(snapshot, amounts),
  ].join(' · ')
}

/** ", wasting $202.30/hr": what idle pods cost, as far as their prices are known; empty if nothing. */
function wasteText({ pods }: Snapshot): string {
  const usd = pods.filter(isIdle).reduce((sum, { costPerHourUsd }) => sum + (costPerHourUsd ?? 0), 0)
  return usd > 0 ? `, wasting ${formatUsdPerHour(usd)}` : ''
}

/** "2 idle", "3 running": the same counts as in the windows, where no pod is counted as both. */
function countTexts({ pods }: Snapshot, waste = ''): readonly string[] {
  const idle = pods.filter(isIdle).length
  const running = pods.filter((pod) => pod.phase === 'running').length - idle
  return [
    ...(idle > 0 ? [`${idle} idle${waste}`] : []),
    ...(running > 0 || idle === 0 ? [`${running} running`] : []),
  ]
}
