import { isAbsolutePodPath } from '../../core/files/files-view'
import { fail, ok, type Result } from '../../core/base/result'
import { parsePodKey, type Pod, type PodKey, podNotListedText } from '../../core/pods/pod'
import type { ConnectPrompts, SshTarget } from '../../ssh/connection/ssh-shell'
import { toSshTarget } from '../../ssh/connection/ssh-target'
import type { FileSession, OpenFileSession } from '../../ssh/files/session/open-file-session'
import { toFilesFailure } from '../../ssh/files/session/unattended-files'
import type { RunFailure } from '../../ssh/run/run-failure'
import { filesText } from './files-text'

export interface ReachPodOptions {
  /** The pod as last observed; null: not listed. */
  readonly findPod: (podKey: PodKey) => Pod | null
  /** What asks a person about a connection to the pod of this name. `onAsking`: whether one is being asked. */
  readonly promptsFor: (podName: string, onAsking: (isAsking: boolean) => void) => ConnectPrompts
  readonly openFileSession: OpenFileSession
}

/** A pod whose files can be reached now. The error is a sentence. */
export function reachablePod(
  findPod: ReachPodOptions['findPod'],
  podKey: PodKey,
): Result<{ readonly pod: Pod; readonly target: SshTarget }, string> {
  const pod = findPod(podKey)
  if (pod === null) return fail(podNotListedText)
  const target = toSshTarget(parsePodKey(podKey).accountId, pod)
  if (pod.phase !== 'running' || target === null) return fail(filesText.notRunning)
  return target.ssh.direct === null ? fail(filesText.needsDirect) : ok({ pod, target })
}

/** Connects to where the pod is now. */
export async function openPodFiles(
  { findPod, promptsFor, openFileSession }: ReachPodOptions,
  podKey: PodKey,
  signal: AbortSignal,
  onAsking: (isAsking: boolean) => void = () => {},
): Promise<Result<FileSession, RunFailure>> {
  const reached = reachablePod(findPod, podKey)
  // It may run again in a moment, so a transfer goes on trying.
  if (!reached.ok) return fail({ kind: 'unreachable', reason: filesText.noRouteNow })
  const { pod, target } = reached.value
  const opened = await openFileSession(target, promptsFor(pod.name, onAsking), signal)
  return opened.ok ? opened : fail(toFilesFailure(opened.error, null))
}

/** Where files of the pod survive a stop, as far as it is known; null: its home folder has to do. */
export function keptFolder({ persistentMount, networkMounts }: Pod): string | null {
  const paths = [persistentMount?.path, ...networkMounts.map(({ path }) => path)]
  return paths.find((path) => path != null && isAbsolutePodPath(path)) ?? null
}
