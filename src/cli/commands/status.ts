import { formatDuration, formatMoment, formatUsd } from '../../core/base/format'
import type { Monitor } from '../../core/monitor-types'
import type { Snapshot } from '../../core/view/snapshot'
import { trayModel } from '../../core/view/tray-model'
import { statusJson } from '../output/json'
import { connectionExit, firstSnapshot } from './first-snapshot'
import { span, type StyledLine } from '../output/color'
import { podTable, unknownActivityText } from '../output/pod-text'
import { truncateText, wrapText } from '../output/text'

const BALANCE_TIMEOUT_MS = 5_000

/** Polls the account once. Throws a `CliExit` if there is nothing to show. */
export async function readStatus(monitor: Monitor): Promise<Snapshot> {
  const snapshot = await firstSnapshot(monitor)
  const problem = connectionExit(snapshot.connection)
  if (problem) throw problem
  return waitForBalance(monitor)
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

/** Formats the account as a table and a line about money, in at most `width` columns. */
export function statusLines(snapshot: Snapshot, width: number): readonly StyledLine[] {
  const notes = [
    ...snapshot.pods.flatMap((pod) => {
      const reason = unknownActivityText(pod)
      return reason === null || pod.activity.kind === 'idle' ? [] : [`${pod.name}: ${reason}.`]
    }),
    ...(snapshot.isListPartial ? ['Some of the list could not be read: there may be more pods.'] : []),
    ...snapshot.gonePods.map(
      ({ name, how, goneAtMs }) =>
        `${name} is gone since ${formatMoment(goneAtMs, { nowMs: snapshot.atMs })}${how === 'vanished' ? ', perhaps by someone else, perhaps outbid' : ''}.`,
    ),
  ]
  return [
    ...(snapshot.pods.length > 0 ? podTable(snapshot, width) : [[span('No pods.')]]),
    [],
    ...wrapText(summaryText(snapshot), width).map((text): StyledLine => [span(text, 'strong')]),
    ...notes
      .flatMap((note) => wrapText(note, width))
      .map((text): StyledLine => [span(truncateText(text, width), 'dim')]),
  ]
}

/** "3 running · $18.25/h · balance $164.20, lasts 9 h 00 m". */
export function summaryText(snapshot: Snapshot): string {
  const { balance, runwayMs } = snapshot
  const money =
    balance.kind === 'known'
      ? `balance ${formatUsd(balance.usd)}${runwayMs === null ? '' : `, lasts ${formatDuration(runwayMs)}`}`
      : null
  const demo = snapshot.account?.isDemo ? ['Demo with made-up pods'] : []
  return [...demo, trayModel(snapshot).tooltip, ...(money === null ? [] : [money])].join(' · ')
}

export const statusText = (snapshot: Snapshot): string => JSON.stringify(statusJson(snapshot), null, 2)
