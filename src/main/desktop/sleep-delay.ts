import { spawn } from 'node:child_process'
import type { Snapshot } from '../../core/view/snapshot'
import { sleepDelayText } from './desktop-text'

/** Has the system wait before a sleep or a shutdown while a stop is about to be sent. */
export interface SleepDelay {
  /** Must be called after each change. */
  update(snapshot: Pick<Snapshot, 'pods'>): void
}

/**
 * Linux. A delay lock of logind is a file descriptor that a reply on the system bus carries, which the D-Bus client
 * cannot receive. So systemd's own program takes it, and holds it until its input ends, at the latest with this
 * process. Without that program nothing waits. See docs/product-rules.md#43-stop.
 */
export function createSleepDelay(
  report: (what: string, cause?: unknown) => void,
  env: NodeJS.ProcessEnv = process.env,
): SleepDelay {
  let release: (() => void) | null = null
  let isReported = false

  function reportOnce(cause: unknown): void {
    if (!isReported) report('The system does not wait for Podkeeper before a sleep', cause)
    isReported = true
  }

  function hold(): () => void {
    const child = spawn(
      'systemd-inhibit',
      ['--what=sleep:shutdown', '--mode=delay', '--who=Podkeeper', `--why=${sleepDelayText.why}`, 'cat'],
      { env, stdio: ['pipe', 'ignore', 'ignore'] },
    )
    child.on('error', reportOnce)
    child.on('exit', (code) => {
      if (code !== 0) reportOnce(new Error(`systemd-inhibit ended with code ${code}`))
    })
    // It may have ended before.
    child.stdin.on('error', () => {})
    return () => child.stdin.end()
  }

  return {
    update({ pods }) {
      const isNeeded = pods.some(isStopping)
      if (isNeeded === (release !== null)) return
      release?.()
      release = isNeeded ? hold() : null
    },
  }
}

/** Nothing can be done before a sleep about a stop that waits for a 429, or whose reply was unclear: both have a message. */
const isStopping = ({ intent }: Snapshot['pods'][number]): boolean =>
  intent?.action === 'stop' &&
  (intent.phase === 'scheduled' || intent.phase === 'sent') &&
  intent.message === null
