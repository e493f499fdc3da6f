import type { Clock } from '../../../core/base/time/clock'
import { fail, ok, type Result } from '../../../core/base/result'
import { buildLine } from '../../../core/doctor/build-line'
import { computerCheckText } from '../../../core/doctor/computer-check-text'
import type { DoctorLine } from '../../../core/doctor/doctor-line'
import { obstaclesLine } from '../../../core/doctor/obstacles-line'
import { type ObstacleCode, obstacleCodes, type ObstacleView } from '../../../core/obstacles/obstacle'
import { connectControl } from '../../../node/control/control-client'
import type { ControlHandlers, ControlRefusal } from '../../../node/control/control-requests'
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
  const details = await askWatch(dataFolder, accountId, clock, (requests) => requests.accountDetails())
  if (!details.ok) return details
  if (details.value === null) return ok(null)
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

/** Whether the program that watches is the one that is installed, as an answer of `doctor`. */
export async function checkBuild(dataFolder: string, clock: Pick<Clock, 'now'>): Promise<DoctorLine> {
  const health = await askWatch(dataFolder, null, clock, (requests) => requests.health())
  return health.ok
    ? buildLine(health.value)
    : { id: 'build', verdict: 'not-checked', text: computerCheckText.notTold(health.error) }
}

/** Asks the program that watches. Null: none does. The error says why it can't be asked, as a clause. */
export async function askWatch<T>(
  dataFolder: string,
  accountId: string | null,
  clock: Pick<Clock, 'now'>,
  request: (requests: ControlHandlers) => Promise<Result<T, ControlRefusal>>,
): Promise<Result<T | null, string>> {
  const connection = await connectControl({
    dataFolder,
    accountId,
    events: { onIntent: () => {}, onCreate: () => {}, onConnection: () => {} },
    nowMs: () => clock.now().wallMs,
  })
  if (connection.kind === 'gone') return ok(null)
  if (connection.kind === 'unusable') return fail(serveText.unusable[connection.reason])
  const { client } = connection
  const reply = await request(client.requests)
  client.close()
  return reply.ok ? reply : fail(reply.error.message)
}

const isKnown = (code: string): code is ObstacleCode => obstacleCodes.some((known) => known === code)
