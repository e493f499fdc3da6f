import type { CommandRun } from '../../output/command-run'
import { copyProgressText } from '../../../core/files/progress-text'
import { createDownloadSide } from '../../../ssh/files/sides/download-side'
import { transfer } from '../../../ssh/files/transfer'
import { uploadSide } from '../../../ssh/files/sides/upload-side'
import { exitCodes } from '../../output/exit'
import { accountJson, JSON_VERSION } from '../../output/json'
import type { OpenFiles } from '../../account/cli-ssh'
import { copiedText, copyText, failedLines } from './copy-text'
import type { CopyPaths } from './pod-path'
import { type PodSearch, reachPod, type ReachablePod } from './reach-pod'

export interface CopyOptions extends PodSearch, Pick<CommandRun, 'isJson' | 'onSignal'> {
  readonly paths: CopyPaths
  readonly resumes: boolean
  readonly maxBytes: number | null
  readonly openFiles: (reached: ReachablePod) => OpenFiles
  /** That files of the pod are in use, so that it isn't idle. */
  readonly onActive: (reached: ReachablePod) => void
  /** A clock that never goes back, ms. */
  readonly nowMs: () => number
}

const PROGRESS_MS = 200
const ACTIVE_MS = 60_000

/**
 * Copies files and folders between a pod and this computer and prints what was copied. Returns the exit code; throws a
 * `CliExit` when the pod can't be found or reached. See docs/product-rules.md#133-files.
 */
export async function copyFiles(options: CopyOptions): Promise<number> {
  const { paths, output, nowMs, maxBytes } = options
  const reached = await reachPod(options, paths.podQuery)
  const { account, pod } = reached
  const open = options.openFiles(reached)
  const ending = new AbortController()
  let signaled: number | null = null
  const stopListening = options.onSignal((exitCode) => {
    signaled ??= exitCode
    ending.abort()
  })
  const startedAtMs = nowMs()
  const timers: NodeJS.Timeout[] = []
  options.onActive(reached)
  timers.push(setInterval(() => options.onActive(reached), ACTIVE_MS))
  let isUntrusted = false
  const result = await transfer({
    side: paths.direction === 'download' ? createDownloadSide() : uploadSide,
    sources: paths.sources,
    destination: paths.destination,
    resumes: options.resumes,
    identity: `${account.view.id} ${pod.id}`,
    async open(signal) {
      const opened = await open(signal)
      isUntrusted = !opened.ok && opened.error.kind === 'host-key-untrusted'
      return opened
    },
    signal: ending.signal,
    onConnection: (state) => (state === 'lost' ? output.progress(copyText.lost) : undefined),
    onPlan({ totalBytes }, progress) {
      if (maxBytes !== null && totalBytes > maxBytes) return copyText.tooLarge(totalBytes, maxBytes)
      timers.push(setInterval(() => output.status(copyProgressText(progress())), PROGRESS_MS))
      return null
    },
    nowMs,
  })
  for (const timer of timers) clearInterval(timer)
  stopListening()
  output.clearStatus()
  const summary = result.ok ? result.value : result.error.summary
  if (options.isJson)
    output.result(
      JSON.stringify(
        {
          version: JSON_VERSION,
          account: accountJson({ id: account.view.id, name: account.name }),
          pod: { id: pod.id, name: pod.name },
          direction: paths.direction,
          ...summary,
          message: result.ok ? null : result.error.message,
        },
        null,
        2,
      ),
    )
  else if (result.ok) output.result(copiedText(summary, nowMs() - startedAtMs))
  for (const line of failedLines(summary.failed)) output.progress(line)
  if (!result.ok) output.progress(result.error.message)
  if (isUntrusted) output.progress(copyText.untrusted(paths.podQuery))
  if (signaled !== null) {
    output.progress(copyText.continues)
    return signaled
  }
  return result.ok && summary.failed.length === 0 ? exitCodes.ok : exitCodes.failed
}
