import type { Clock } from '../../core/base/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { MINUTE_MS } from '../../core/base/time'
import { joinPath } from '../../core/files/file-name'
import type { FolderView } from '../../core/files/files-view'
import type { PodKey } from '../../core/pods/pod'
import type { FileSession } from '../../ssh/files/session/open-file-session'
import { filesText } from './files-text'
import { keptFolder, openPodFiles, reachablePod, type ReachPodOptions } from './reach-pod'

export interface PodFoldersOptions extends ReachPodOptions {
  readonly clock: Clock
}

/** The folders of pods that a window shows. A connection serves as long as somebody looks. Errors are sentences. */
export interface PodFolders {
  /** Null: where files of the pod are kept. */
  list(podKey: PodKey, path: string | null): Promise<Result<FolderView, string>>
  make(podKey: PodKey, folder: string, name: string): Promise<Result<void, string>>
  close(podKey: PodKey): void
  closeAll(): void
}

const MAX_CONNECTIONS = 4
/** A connection by which nobody looked for so long is closed, ms. */
const UNUSED_MS = 10 * MINUTE_MS

interface Opened {
  readonly ending: AbortController
  /** The run of the pod that the connection leads to. */
  readonly startedAtMs: number | null
  readonly session: Promise<Result<FileSession, string>>
  cancelUnused: () => void
}

export function createPodFolders(options: PodFoldersOptions): PodFolders {
  const { clock, findPod } = options
  const connections = new Map<PodKey, Opened>()

  function close(podKey: PodKey): void {
    const opened = connections.get(podKey)
    if (opened === undefined) return
    connections.delete(podKey)
    opened.cancelUnused()
    opened.ending.abort()
    void opened.session.then((session) => session.ok && session.value.close())
  }

  async function connect(podKey: PodKey, signal: AbortSignal): Promise<Result<FileSession, string>> {
    const opened = await openPodFiles(options, podKey, signal)
    return opened.ok ? opened : fail(filesText.notReached(opened.error.reason))
  }

  async function sessionOf(podKey: PodKey): Promise<Result<FileSession, string>> {
    const reached = reachablePod(findPod, podKey)
    if (!reached.ok) return reached
    const { startedAtMs } = reached.value.pod
    if (connections.get(podKey)?.startedAtMs !== startedAtMs) close(podKey)
    let opened = connections.get(podKey)
    if (opened === undefined) {
      if (connections.size >= MAX_CONNECTIONS) return fail(filesText.tooManyPods)
      const ending = new AbortController()
      const session = connect(podKey, ending.signal)
      opened = { ending, startedAtMs, session, cancelUnused: () => {} }
      connections.set(podKey, opened)
    }
    opened.cancelUnused()
    opened.cancelUnused = clock.schedule(UNUSED_MS, () => close(podKey))
    const session = await opened.session
    if (!session.ok && connections.get(podKey) === opened) close(podKey)
    return session
  }

  /** Runs it again on a new connection where the last one was lost meanwhile. `why`: a clause. */
  async function run<T>(
    podKey: PodKey,
    step: (session: FileSession) => Promise<T>,
    failed: (why: string) => string,
  ): Promise<Result<T, string>> {
    for (let isRetry = false; ; isRetry = true) {
      const session = await sessionOf(podKey)
      if (!session.ok) return session
      try {
        return ok(await step(session.value))
      } catch (error) {
        const { SftpError } = await import('../../ssh/files/sftp/sftp-error')
        if (!(error instanceof SftpError)) throw error
        if (error.isOfConnection || error.kind === 'malformed') close(podKey)
        if (error.isOfConnection && !isRetry) continue
        return fail(error.kind === 'too-many' ? filesText.tooManyFiles : failed(error.message))
      }
    }
  }

  return {
    list: (podKey, asked) =>
      run(
        podKey,
        async ({ sftp }) => {
          const { entryAt, listShownItems } = await import('../../ssh/files/sides/remote-files')
          const pod = findPod(podKey)
          let wanted = asked ?? (pod === null ? null : keptFolder(pod))
          const isThere = async (path: string): Promise<boolean> =>
            (await entryAt(path, sftp.stat))?.kind === 'folder'
          if (asked === null && wanted !== null && !(await isThere(wanted))) wanted = null
          const path = await sftp.realpath(wanted ?? '.')
          return { path, ...(await listShownItems(sftp, path)) }
        },
        (why) => filesText.notListed(asked ?? '/', why),
      ),
    async make(podKey, folder, name) {
      const made = await run(
        podKey,
        async ({ sftp }) => {
          const { entryAt } = await import('../../ssh/files/sides/remote-files')
          const path = joinPath(folder, name)
          if ((await entryAt(path, sftp.lstat)) !== null) return false
          await sftp.makeFolder(path, 0o777)
          return true
        },
        (why) => filesText.notMade(name, why),
      )
      if (!made.ok) return made
      return made.value ? ok(undefined) : fail(filesText.notMade(name, filesText.exists))
    },
    close,
    closeAll() {
      for (const podKey of connections.keys()) close(podKey)
    },
  }
}
