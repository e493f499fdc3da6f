import * as v from 'valibot'
import { formatDuration } from '../base/text/format'
import type { ReadonlyOutput } from '../base/readonly-output'
import { obstacleCodes, obstacleDefinitions } from '../obstacles/obstacle'
import { obstacleText } from '../obstacles/obstacle-text'
import type { PollProgress } from '../polling/poll-loop'
import type { Snapshot } from '../view/snapshot'

/*
 * How the program that holds a data folder is doing, for operators. See docs/product-rules.md#165-health.
 */

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const duration = v.pipe(v.number(), v.minValue(0))
const text = v.pipe(v.string(), v.maxLength(1_000))

export const folderHealthSchema = v.object({
  version: text,
  /** A start would run another build of the program. An earlier program doesn't say. */
  isOutdated: v.optional(v.boolean()),
  accounts: v.array(
    v.object({
      id: text,
      /** Polls since the start, whatever their result. */
      polls: count,
      failedPolls: count,
      /** Since the last one ended, or since the start. */
      silentMs: duration,
      /** A longer silence is a poll that is stuck. */
      limitMs: duration,
      /** Pods with a stop that is due and waits. */
      heldStops: count,
      obstacles: v.array(v.object({ code: v.picklist(obstacleCodes), podId: v.nullable(text) })),
    }),
  ),
  /** Alerts on their way to channels. */
  outboxMessages: count,
  failedChannels: count,
  /** Writes to the data folder that failed since the start. */
  diskErrors: count,
})

export type FolderHealth = ReadonlyOutput<typeof folderHealthSchema>
export type AccountHealth = FolderHealth['accounts'][number]

/** `polls`: those of the same account. */
export function accountHealth(
  id: string,
  { pods, obstacles }: Pick<Snapshot, 'pods' | 'obstacles'>,
  polls: PollProgress,
): AccountHealth {
  return {
    id,
    polls: polls.ended,
    failedPolls: polls.failed,
    silentMs: polls.silentMs,
    limitMs: polls.limitMs,
    heldStops: pods.filter(({ guard }) => guard.autoStop.kind === 'blocked').length,
    obstacles: obstacles.map(({ code, podId }) => ({ code, podId })),
  }
}

/** Says nothing of accounts and pods, so anyone may read it. */
export interface HealthVerdict {
  /** Polls end. */
  readonly live: boolean
  /** Alerts are sent, and what is due is stopped. */
  readonly acting: boolean
  /** Why not, as a sentence; null: it is both. */
  readonly reason: string | null
  /** A restart would run another build of the program. */
  readonly outdated: boolean
}

export const unhealthy = (reason: string, live = false): HealthVerdict => ({
  live,
  acting: false,
  reason,
  outdated: false,
})

/** Of the program that holds the folder, and so acts unless something keeps it from that. */
export const judgeHealth = ({ isOutdated = false, accounts }: FolderHealth): HealthVerdict => ({
  ...judgeAccounts(accounts),
  outdated: isOutdated,
})

function judgeAccounts(accounts: FolderHealth['accounts']): HealthVerdict {
  const stuck = accounts.filter(({ silentMs, limitMs }) => silentMs > limitMs)
  if (stuck.length > 0) {
    const silentMs = Math.max(...stuck.map((account) => account.silentMs))
    return unhealthy(`No poll of an account has ended for ${formatDuration(silentMs)}.`)
  }
  if (accounts.length === 0) return unhealthy('No account is watched yet.', true)
  const [code] = accounts.flatMap(({ obstacles }) =>
    obstacles.flatMap(({ code: each }) => {
      const { scope, severity, impairs } = obstacleDefinitions[each]
      return scope !== 'pod' && severity === 'critical' && impairs.length > 0 ? [each] : []
    }),
  )
  return code === undefined
    ? { live: true, acting: true, reason: null, outdated: false }
    : unhealthy(`${obstacleText(code).title}.`, true)
}
