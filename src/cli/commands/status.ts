import { formatDuration, formatMoment, formatUsd } from '../../core/base/format'
import type { Monitor } from '../../core/monitor'
import type { Snapshot } from '../../core/view/snapshot'
import { trayModel } from '../../core/view/tray-model'
import { statusJson } from '../output/json'
import { firstLook, lookProblem } from './first-snapshot'
import { type Line, span } from '../output/color'
import { podTable, whyUnknown } from '../output/pod-text'
import { cutTo, wrapTo } from '../output/text'

const BALANCE_MS = 5_000

/** One look at the account. Throws an `Ending` when there is nothing to show. */
export async function lookOnce(monitor: Monitor): Promise<Snapshot> {
  const snapshot = await firstLook(monitor)
  const problem = lookProblem(snapshot.connection)
  if (problem) throw problem
  return withBalance(monitor)
}

/** The balance is asked for after the list; a slow answer is not waited for. */
function withBalance(monitor: Monitor): Promise<Snapshot> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      unsubscribe()
      resolve(monitor.snapshot())
    }
    const timer = setTimeout(done, BALANCE_MS)
    const unsubscribe = monitor.subscribe(({ balance }) => {
      if (balance.kind !== 'not-asked') done()
    })
    if (monitor.snapshot().balance.kind !== 'not-asked') done()
  })
}

/** The account as a table and a line of money, in at most `width` columns. */
export function statusLines(snapshot: Snapshot, width: number): readonly Line[] {
  const notes = [
    ...snapshot.pods.flatMap((pod) => {
      const why = whyUnknown(pod)
      return why === null || pod.activity.kind === 'idle' ? [] : [`${pod.name}: ${why}.`]
    }),
    ...(snapshot.isPicturePartial ? ['Some of the list could not be read: there may be more pods.'] : []),
    ...snapshot.tombstones.map(
      ({ name, how, goneAtMs }) =>
        `${name} is gone since ${formatMoment(goneAtMs, { nowMs: snapshot.atMs })}${how === 'vanished' ? ', perhaps by someone else, perhaps outbid' : ''}.`,
    ),
  ]
  return [
    ...(snapshot.pods.length > 0 ? podTable(snapshot, width) : [[span('No pods.')]]),
    [],
    ...wrapTo(summaryOf(snapshot), width).map((text): Line => [span(text, 'strong')]),
    ...notes.flatMap((note) => wrapTo(note, width)).map((text): Line => [span(cutTo(text, width), 'dim')]),
  ]
}

/** "3 running · $18.25/h · balance $164.20, lasts 9 h 00 m". */
export function summaryOf(snapshot: Snapshot): string {
  const { balance, runwayMs } = snapshot
  const money =
    balance.kind === 'known'
      ? `balance ${formatUsd(balance.usd)}${runwayMs === null ? '' : `, lasts ${formatDuration(runwayMs)}`}`
      : null
  const demo = snapshot.account?.isDemo ? ['Demo with made-up pods'] : []
  return [...demo, trayModel(snapshot).tooltip, ...(money === null ? [] : [money])].join(' · ')
}

export const statusText = (snapshot: Snapshot): string => JSON.stringify(statusJson(snapshot), null, 2)
