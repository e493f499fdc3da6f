import { execFile } from 'node:child_process'
import { type FolderHealth, judgeHealth } from '../../core/monitor/folder-health'
import { SECOND_MS } from '../../core/base/time/time'

/** Tells systemd, which started this program with `Type=notify`, how it is doing. See docs/cli.md#on-a-server. */
export interface ServiceManager {
  /** It serves or watches. Call it once. */
  readonly ready: () => void
  readonly stop: () => void
}

export interface ServiceManagerOptions {
  readonly env: NodeJS.ProcessEnv
  /** Rejects while nobody can be asked. */
  readonly readHealth: () => Promise<FolderHealth>
  readonly report: (text: string) => void
  /** For tests. */
  readonly checkEveryMs?: number
}

const CHECK_EVERY_MS = 20 * SECOND_MS
const NOTIFY_TIMEOUT_MS = 10 * SECOND_MS

/**
 * Feeds the watchdog only when polls ended since it was last fed and those of no account are stuck: a program that runs
 * and polls no more is restarted. Polls that are planned far apart prolong its time.
 */
export function createServiceManager({
  env,
  readHealth,
  report,
  ...options
}: ServiceManagerOptions): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdogUs = '' } = env
  if (socket === undefined || socket === '') return { ready: () => {}, stop: () => {} }
  const watchdogMs = Number(watchdogUs) / 1_000
  let fedPolls = 0
  let isReported = false
  let timer: NodeJS.Timeout | undefined

  function notify(...variables: readonly string[]): void {
    // Node opens no sockets of this kind.
    execFile('systemd-notify', [...variables], { env, timeout: NOTIFY_TIMEOUT_MS }, (cause) => {
      if (cause !== null && !isReported) report(cause.message)
      isReported = cause !== null
    })
  }

  async function check(): Promise<void> {
    const health = await readHealth()
    const polls = health.accounts.reduce((sum, account) => sum + account.polls, 0)
    if (polls === fedPolls || !judgeHealth(health).live) return
    fedPolls = polls
    const neededMs = Math.max(watchdogMs, ...health.accounts.map(({ limitMs }) => 2 * limitMs))
    notify('WATCHDOG=1', `WATCHDOG_USEC=${Math.round(neededMs * 1_000)}`)
  }

  return {
    ready() {
      notify('READY=1')
      if (!(watchdogMs > 0)) return
      timer = setInterval(() => void check().catch(() => {}), options.checkEveryMs ?? CHECK_EVERY_MS)
    },
    stop: () => clearInterval(timer),
  }
}
