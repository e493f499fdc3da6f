import { createAccountChecks } from './account-checks'
import type { DoctorLine } from './doctor-line'
import type { DoctorOptions } from './doctor-options'
import { createCancelableWait, type DoctorWait } from './doctor-wait'
import { createReportedPods } from './reported-fields'

export interface RunningDoctor {
  /** All answers. Never rejects. */
  readonly done: Promise<readonly DoctorLine[]>
  /** Ends what takes long. The questions that are open are answered as not checked. */
  readonly cancel: () => void
}

/**
 * Checks an account and this computer. It only reads, with one request for each question, within the quota of the key.
 * See docs/product-rules.md#123-checking-an-account.
 */
export function runDoctor(options: DoctorOptions): RunningDoctor {
  const { wait, cancel, isCanceled } = createCancelableWait(options.clock)
  return { done: check(options, wait, isCanceled), cancel }
}

async function check(
  options: DoctorOptions,
  wait: DoctorWait,
  isCanceled: () => boolean,
): Promise<readonly DoctorLine[]> {
  const { provider, onProgress } = options
  const lines: DoctorLine[] = []
  const add = (line: DoctorLine): void => {
    lines.push(line)
    options.onLine(line)
  }
  const reported = createReportedPods()
  const stopObserving = provider.observeReplies?.((reply) => {
    reported.add(reply)
    options.onReply?.(reply)
  })
  try {
    const account = createAccountChecks({ ...options, reported, wait, isCanceled })
    await account.check(add)
    for (const checkComputer of options.computerChecks) add(await checkComputer())
    await account.measure(add)
  } finally {
    stopObserving?.()
    onProgress(null)
  }
  return lines
}
