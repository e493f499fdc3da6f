import type { Clock } from '../../core/base/time/clock'
import { fail, ok, type Result } from '../../core/base/result'
import { MINUTE_MS } from '../../core/base/time/time'
import { joinPath } from '../../core/files/file-name'
import type { FolderView, NamedItem } from '../../core/files/files-view'
import type { Omission } from '../../core/files/transfer-plan'
import type { PodKey } from '../../core/pods/pod'
import type { FileSession } from '../../ssh/files/session/open-file-session'
import { filesText } from './files-text'
import { keptFolder, openPodFiles, reachablePod, type ReachPodOptions } from './reach-pod'

export interface PodFoldersOptions extends ReachPodOptions {
  readonly clock: Clock
}

/** The folders of pods that a window shows. Each keeps a connection meanwhile. Errors are sentences. */
export interface PodFolders {
  /** Null: where files of the pod are kept. */
  list(podKey: PodKey, path: string | null): Promise<Result<FolderView, string>>
  make(podKey: PodKey, folder: string, name: string): Promise<Result<void, string>>
  /** Nothing that has the new name is replaced. */
  rename(podKey: PodKey, folder: string, name: string, newName: string): Promise<Result<void, string>>
  /** What these names in a folder are now. */
  look(
    podKey: PodKey,
    folder: string,
    names: readonly string[],
  ): Promise<Result<readonly NamedItem[], string>>
  /** Deletes them with everything in them; see `removeRemote`. */
  remove(podKey: PodKey, folder: string, items: readonly NamedItem[]): Promise<Result<void, string>>
  close(podKey: PodKey): void
  closeAll(): void
}

const MAX_CONNECTIONS = 4
/** A connection by which nobody looked for so long is closed, ms. */
const UNUSED_MS = 10 * MINUTE_MS

interface FolderConnection {
  readonly ending: AbortController
  /** The run of the pod that the connection leads to. */
  readonly startedAtMs: number | null
  readonly session: Promise<Result<FileSession, string>>
  cancelUnused: () => void
}

export function createPodFolders(options: PodFoldersOptions): PodFolders {
  const { clock, findPod } = options
  const connections = new Map<PodKey, FolderConnection>()

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
    async rename(podKey, folder, name, newName) {
      const renamed = await run(
        podKey,
        async ({ sftp }) => {
          const { entryAt } = await import('../../ssh/files/sides/remote-files')
          const [from, to] = [joinPath(folder, name), joinPath(folder, newName)]
          if ((await entryAt(to, sftp.lstat)) !== null) return false
          await sftp.renameToNew(from, to)
          return true
        },
        (why) => filesText.notRenamed(name, why),
      )
      if (!renamed.ok) return renamed
      return renamed.value ? ok(undefined) : fail(filesText.notRenamed(name, filesText.exists))
    },
    async look(podKey, folder, names) {
      const looked = await run(
        podKey,
        async ({ sftp }) => {
          const { entryAt } = await import('../../ssh/files/sides/remote-files')
          const kindOf = async (name: string) => (await entryAt(joinPath(folder, name), sftp.lstat))?.kind
          return Promise.all(names.map(async (name) => ({ name, kind: await kindOf(name) })))
        },
        (why) => filesText.notLookedAt(folder, why),
      )
      if (!looked.ok) return looked
      const items = looked.value.flatMap(({ name, kind }) => (kind === undefined ? [] : { name, kind }))
      const gone = names.find((name) => !items.some((item) => item.name === name))
      return gone === undefined ? ok(items) : fail(filesText.notThere(gone))
    },
    async remove(podKey, folder, items) {
      const removed = await run(
        podKey,
        async ({ sftp }) => {
          const { removeRemote } = await import('../../ssh/files/sides/remove-remote')
          let first: Omission | null = null
          for (const { name, kind } of items) {
            const problem = await removeRemote(sftp, joinPath(folder, name), kind)
            first ??= problem
          }
          return first
        },
        (why) => filesText.notDeleted(folder, why),
      )
      if (!removed.ok) return removed
      const { value } = removed
      return value === null ? ok(undefined) : fail(filesText.notDeleted(value.path, value.reason))
    },
    close,
    closeAll() {
      for (const podKey of connections.keys()) close(podKey)
    },
  }
}
