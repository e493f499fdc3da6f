import { ok } from '../../../core/base/result'
import { plainText } from '../../../core/base/text/plain-text'
import type { Clock } from '../../../core/base/time/clock'
import type { PodView, Snapshot } from '../../../core/view/snapshot'
import type { ControlRequests } from '../../../node/control/control-requests'
import { statusJson } from '../../output/json'
import { askWatch } from '../../commands/doctor/watched-obstacles'
import { statusLines } from '../../commands/status'

/**
 * The account as the program sees it that watches the data folder. Null: none does, it runs another version, it doesn't
 * reach the account, or it doesn't answer.
 */
export async function watchedSnapshot(
  dataFolder: string,
  accountId: string,
  version: string,
  clock: Pick<Clock, 'now'>,
): Promise<Snapshot | null> {
  const text = await askWatch(dataFolder, accountId, clock, async (requests) => {
    const health = await requests.health()
    const isSame = health.ok && health.value.version === version && health.value.isOutdated !== true
    return isSame ? requests.snapshot() : ok(null)
  })
  return text.ok && text.value !== null ? readSnapshot(text.value) : null
}

/** Its texts are shown as they are, so that they are made plain here. Null: it is no snapshot. */
function readSnapshot({ pods, rest }: ReturnType<ControlRequests['snapshot']>): Snapshot | null {
  const parse = (text: string): unknown =>
    JSON.parse(text, (_key, value: unknown) => (typeof value === 'string' ? plainText(value) : value))
  try {
    const snapshot = { ...(parse(rest) as Snapshot), pods: pods.map((text) => parse(text) as PodView) }
    // What can't be drawn is found out now, when there is another way.
    statusLines(snapshot, 80)
    statusJson(snapshot)
    return snapshot.connection.kind === 'live' ? snapshot : null
  } catch {
    return null
  }
}
