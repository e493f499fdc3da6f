import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import type { LookInside } from '../../core/guard/evidence/inside-looks'
import { type InsideReading, judgeProbe } from '../../core/idle/inside/inside-look'
import { probeScript } from '../../core/idle/inside/inside-probe'
import type { AccountId, Pod } from '../../core/pods/pod'
import type { SshTarget } from '../connection/ssh-shell'
import { toSshTarget } from '../connection/ssh-target'
import type { OpenScriptSession, ScriptSession } from './open-script-session'
import type { RunCommand } from './run-command'
import type { RunFailure } from './run-failure'

/** The minute of product rules, §2.5. */
const INTERVAL_S = 60
/** For connecting, and for reading the figures of thousands of processes twice. */
const EXTRA_MS = 60_000
const MAX_OUTPUT_BYTES = 1024 * 1024

/** A connection that no look follows on is closed. */
const KEPT_MS = 6 * 60_000

export interface LookInsideOptions {
  readonly runCommand: RunCommand
  readonly openScriptSession: OpenScriptSession
  readonly clock: Pick<Clock, 'now'>
  /** For tests: seconds between the two readings. */
  readonly intervalS?: number
}

/**
 * Looks inside a pod by a probe that reads `/proc` twice and writes nothing. See
 * docs/product-rules.md#25-quiet.
 */
export function createLookInside(accountId: AccountId, options: LookInsideOptions): LookInside {
  const { runCommand, clock, intervalS = INTERVAL_S } = options
  const kept = createKeptSessions(options.openScriptSession)
  const script = probeScript(intervalS)
  const limitMs = intervalS * 1_000 + EXTRA_MS

  async function look(
    pod: Pod,
    isKept: boolean,
    signal: AbortSignal,
  ): Promise<Result<InsideReading, string>> {
    const target = toSshTarget(accountId, pod)
    if (target === null) return fail('it offers no SSH connection')
    const startedAt = clock.now()
    // The proxy offers nothing but a shell to type into.
    const isDirect = isKept && target.ssh.direct !== null
    const output = isDirect ? await kept.run(target, script, limitMs, signal) : await runOnce(target, signal)
    return output.ok
      ? judgeProbe({ output: output.value, intervalS, startedAt, endedAt: clock.now() })
      : output
  }

  async function runOnce(target: SshTarget, signal: AbortSignal): Promise<Result<string, string>> {
    const ran = await runCommand(target, { script, limitMs, maxOutputBytes: MAX_OUTPUT_BYTES }, signal)
    if (!ran.ok) return fail(ran.error.reason)
    const { exitCode, isCutOff, bytes } = ran.value
    if (isCutOff) return fail('its process list is too long')
    if (exitCode !== 0) return fail('its shell could not read its processes')
    // A terminal without stty ends lines like this.
    return ok(bytes.toString('utf8').replaceAll('\r\n', '\n'))
  }

  return (pod, how) => {
    const controller = new AbortController()
    return {
      result: look(pod, how === 'each-minute', controller.signal),
      cancel: () => controller.abort(),
    }
  }
}

/** Connections that are kept from one look to the next, by pod and address. */
function createKeptSessions(open: OpenScriptSession): {
  run(
    target: SshTarget,
    script: string,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<Result<string, string>>
} {
  const sessions = new Map<string, { readonly session: ScriptSession; timer: NodeJS.Timeout | undefined }>()

  function close(key: string): void {
    const known = sessions.get(key)
    clearTimeout(known?.timer)
    known?.session.close()
    sessions.delete(key)
  }

  async function runIn(
    key: string,
    target: SshTarget,
    script: string,
    limitMs: number,
    signal: AbortSignal,
  ): Promise<Result<string, RunFailure>> {
    const known = sessions.get(key)
    clearTimeout(known?.timer)
    const opened = known ? ok(known.session) : await open(target, null, signal)
    if (!opened.ok) return opened
    const session = opened.value
    sessions.set(key, { session, timer: undefined })
    const onAbort = (): void => close(key)
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) close(key)
    const ran = await session.run(script, limitMs)
    signal.removeEventListener('abort', onAbort)
    const now = sessions.get(key)
    if (!ran.ok) close(key)
    else if (now?.session === session) now.timer = setTimeout(() => close(key), KEPT_MS).unref()
    return ran
  }

  return {
    async run(target, script, limitMs, signal) {
      const key = JSON.stringify([target.podId, target.ssh.direct])
      const run = () => runIn(key, target, script, limitMs, signal)
      const wasKept = sessions.has(key)
      const first = await run()
      // A connection may have been lost while nobody looked, which says nothing of the pod.
      const isLost = wasKept && !first.ok && first.error.kind === 'connection-lost' && !signal.aborted
      const ran = isLost ? await run() : first
      return ran.ok ? ran : fail(ran.error.reason)
    },
  }
}
