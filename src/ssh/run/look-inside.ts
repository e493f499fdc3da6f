import type { Clock } from '../../core/base/time/clock'
import { fail, type Result } from '../../core/base/result'
import type { LookInside } from '../../core/guard/evidence/inside-looks'
import { type InsideReading, judgeProbe } from '../../core/idle/inside/inside-look'
import { probeScript } from '../../core/idle/inside/inside-probe'
import type { AccountId, Pod } from '../../core/pods/pod'
import { toSshTarget } from '../connection/ssh-target'
import type { RunCommand } from './run-command'

/** The minute of product rules, §2.5. */
const INTERVAL_S = 60
/** For connecting, and for reading the figures of thousands of processes twice. */
const EXTRA_MS = 60_000
const MAX_OUTPUT_BYTES = 1024 * 1024

export interface LookInsideOptions {
  readonly runCommand: RunCommand
  readonly clock: Pick<Clock, 'now'>
  /** For tests: seconds between the two readings. */
  readonly intervalS?: number
}

/**
 * Looks inside a pod by a probe that reads `/proc` twice and writes nothing. See
 * docs/product-rules.md#25-quiet.
 */
export function createLookInside(accountId: AccountId, options: LookInsideOptions): LookInside {
  return (pod) => {
    const controller = new AbortController()
    return { result: look(accountId, pod, options, controller.signal), cancel: () => controller.abort() }
  }
}

async function look(
  accountId: AccountId,
  pod: Pod,
  { runCommand, clock, intervalS = INTERVAL_S }: LookInsideOptions,
  signal: AbortSignal,
): Promise<Result<InsideReading, string>> {
  const target = toSshTarget(accountId, pod)
  if (target === null) return fail('it offers no SSH connection')
  const startedAt = clock.now()
  const limitMs = intervalS * 1_000 + EXTRA_MS
  const script = probeScript(intervalS)
  const ran = await runCommand(target, { script, limitMs, maxOutputBytes: MAX_OUTPUT_BYTES }, signal)
  if (!ran.ok) return fail(ran.error.reason)
  const { exitCode, isCutOff, bytes } = ran.value
  if (isCutOff) return fail('its process list is too long')
  if (exitCode !== 0) return fail('its shell could not read its processes')
  // A terminal without stty ends lines like this.
  const output = bytes.toString('utf8').replaceAll('\r\n', '\n')
  return judgeProbe({ output, intervalS, startedAt, endedAt: clock.now() })
}
