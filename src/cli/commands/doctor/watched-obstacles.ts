import type { Clock } from '../../../core/base/time/clock'
import { fail, ok, type Result } from '../../../core/base/result'
import { computerCheckText } from '../../../core/doctor/computer-check-text'
import type { DoctorLine } from '../../../core/doctor/doctor-line'
import { obstaclesLine } from '../../../core/doctor/obstacles-line'
import { type ObstacleCode, obstacleCodes, type ObstacleView } from '../../../core/obstacles/obstacle'
import { connectControl } from '../../../node/control/control-client'
import { serveText } from '../../../node/pods-api/accounts/serve-text'

/**
 * What keeps rules of the account from being carried out, as the program says that watches the data folder. Null: none
 * does. The error says why it can't be asked, as a clause.
 */
export async function watchedObstacles(
  dataFolder: string,
  accountId: string,
  clock: Pick<Clock, 'now'>,
): Promise<Result<readonly ObstacleView[] | null, string>> {
  const connection = await connectControl({
    dataFolder,
    accountId,
    events: { onIntent: () => {}, onCreate: () => {}, onConnection: () => {} },
    nowMs: () => clock.now().wallMs,
  })
  if (connection.kind === 'gone') return ok(null)
  if (connection.kind === 'unusable') return fail(serveText.unusable[connection.reason])
  const { client } = connection
  const details = await client.requests.accountDetails()
  client.close()
  if (!details.ok) return fail(details.error.message)
  // Another version may know others.
  return ok(
    details.value.obstacles.flatMap((one) =>
      isKnown(one.code) ? { ...one, code: one.code, accountId } : [],
    ),
  )
}

/** The same as an answer of `doctor`. */
export async function checkObstacles(
  ...[dataFolder, accountId, clock]: Parameters<typeof watchedObstacles>
): Promise<DoctorLine> {
  const watched = await watchedObstacles(dataFolder, accountId, clock)
  return watched.ok
    ? obstaclesLine(watched.value)
    : { id: 'obstacles', verdict: 'not-checked', text: computerCheckText.notTold(watched.error) }
}

const isKnown = (code: string): code is ObstacleCode => obstacleCodes.some((known) => known === code)
