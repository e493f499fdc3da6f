import { setTimeout as wait } from 'node:timers/promises'
import { type HealthVerdict, judgeHealth, unhealthy } from '../../../core/monitor/folder-health'
import { SECOND_MS } from '../../../core/base/time/time'
import { ApiUnavailable } from '../api-server'
import { type HttpReply, jsonHttp } from '../http-reply'
import type { Holder } from './holder'
import { serveText } from './serve-text'

/** Whoever checks gives up soon, too. */
const TIMEOUT_MS = 4 * SECOND_MS

/** How the program that holds the folder is doing: 200, or 503 with a reason. See docs/product-rules.md#165-health. */
export async function healthReply(holder: Pick<Holder, 'health'>): Promise<HttpReply> {
  const verdict = await Promise.race([
    readVerdict(holder),
    wait(TIMEOUT_MS, unhealthy(`${serveText.nobody}.`), { ref: false }),
  ])
  return jsonHttp(verdict, verdict.acting ? 200 : 503)
}

async function readVerdict(holder: Pick<Holder, 'health'>): Promise<HealthVerdict> {
  try {
    return judgeHealth(await holder.health())
  } catch (cause) {
    if (cause instanceof ApiUnavailable) return unhealthy(`${cause.message}.`)
    throw cause
  }
}
