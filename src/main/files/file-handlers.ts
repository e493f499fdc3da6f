import { fail, ok, type Result } from '../../core/base/result'
import {
  deleteQuestion,
  downloadQuestion,
  type NamedPod,
  uploadQuestion,
} from '../../core/confirmation/file-questions'
import { type Ask, askWhether, type Question } from '../../core/confirmation/question-queue'
import { joinPath, lastName } from '../../core/files/file-name'
import { MAX_DELETED } from '../../core/files/files-view'
import { type AccountId, parsePodKey, type Pod, type PodKey } from '../../core/pods/pod'
import type { FileDrop } from '../../shared/file-drop'
import type { FileRequests } from '../../shared/requests/pod/file-requests'
import type { HandlersOf } from '../../shared/ipc'
import type { FileDialogs } from '../ipc/file-dialogs'
import { filesText } from './files-text'
import type { LocalFolders } from './local-folders'
import type { PodFolders } from './pod-folders'
import { keptFolder, reachablePod, type ReachPodOptions } from './reach-pod'
import type { Transfers } from './transfers'

type TransferDialogs = Pick<FileDialogs, 'chooseUploads' | 'chooseDownloadFolder' | 'chooseLocalFolder'>

/** What a drop on a terminal needs to know of it. */
export interface ShellOfPod {
  readonly podKey: PodKey
  /** The folder that its shell is in, as the pod reports it; null: not known. */
  folder(): Promise<string | null>
}

export interface FileHandlersOptions extends TransferDialogs {
  readonly findPod: ReachPodOptions['findPod']
  readonly transfers: Transfers
  readonly podFolders: PodFolders
  readonly localFolders: LocalFolders
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
  /** The terminal with this id; null: none. */
  readonly terminal: (terminalId: string) => ShellOfPod | null
}

export interface FileHandlers {
  readonly fileHandlers: HandlersOf<FileRequests>
  /** Asks about a drop; false: refused. The error is a sentence. */
  readonly onDrop: (drop: Omit<FileDrop, 'isShownThere'>) => Promise<Result<boolean, string>>
}

/**
 * What windows ask for. Nothing is copied unless a person chose it in a dialog of the system or confirmed it in the
 * app's own window. See docs/security.md.
 */
export function createFileHandlers(options: FileHandlersOptions): FileHandlers {
  const { transfers, podFolders, localFolders } = options

  /** Adds a transfer once `agree` resolves to what is copied and where; false: a person refused. */
  async function add(
    podKey: PodKey,
    direction: 'upload' | 'download',
    agree: (pod: Pod) => Promise<Result<Agreed | null, string>>,
  ): Promise<Result<boolean, string>> {
    const reached = reachablePod(options.findPod, podKey)
    if (!reached.ok) return reached
    const { pod } = reached.value
    const agreed = await agree(pod)
    if (!agreed.ok) return agreed
    if (agreed.value === null) return ok(false)
    const { sources, destination } = agreed.value
    const place = direction === 'upload' ? destination : nameOf(destination)
    const names = sources.map(nameOf)
    const added = transfers.add({ podKey, podName: pod.name, direction, sources, destination, names, place })
    return added.ok ? ok(true) : added
  }

  const named = (podKey: PodKey, { id, name }: Pod): NamedPod => ({
    id,
    name,
    accountName: options.nameOf(parsePodKey(podKey).accountId),
  })

  async function asking(question: Question, agreed: Agreed): Promise<Result<Agreed | null, string>> {
    const asked = await askWhether(options.ask, question)
    return asked.ok ? ok(asked.value ? agreed : null) : asked
  }

  const upload = (podKey: PodKey, sources: readonly string[], folder: string | null, isOfTerminal = false) =>
    add(podKey, 'upload', (pod) => {
      const destination = folder ?? keptFolder(pod) ?? ''
      return asking(uploadQuestion(named(podKey, pod), sources, destination, isOfTerminal), {
        sources,
        destination,
      })
    })
  /** Asks in the app's own window, and deletes only what it named; false: a person refused. */
  async function deleteAsked(
    podKey: PodKey,
    folder: string,
    names: readonly string[],
  ): Promise<Result<boolean, string>> {
    if (names.length > MAX_DELETED) return fail(filesText.tooManyDeleted(MAX_DELETED))
    const reached = reachablePod(options.findPod, podKey)
    if (!reached.ok) return reached
    const { pod } = reached.value
    const items = await podFolders.look(podKey, folder, names)
    if (!items.ok) return items
    const asked = await askWhether(options.ask, deleteQuestion(named(podKey, pod), folder, items.value))
    if (!asked.ok || !asked.value) return asked
    if (options.findPod(podKey)?.startedAtMs !== pod.startedAtMs) return fail(filesText.restarted)
    const removed = await podFolders.remove(podKey, folder, items.value)
    return removed.ok ? ok(true) : removed
  }
  const inFolder = (folder: string, names: readonly string[]): readonly string[] =>
    names.map((name) => joinPath(folder, name))

  return {
    async onDrop({ podKey, folder, terminalId, paths }) {
      if (paths.length === 0) return fail(filesText.nothingDropped)
      const terminal = folder !== null || terminalId === null ? null : options.terminal(terminalId)
      // A folder of another pod says nothing about this one.
      const shellFolder = terminal?.podKey === podKey ? await terminal.folder() : null
      return upload(podKey, paths, folder ?? shellFolder, shellFolder !== null)
    },
    fileHandlers: {
      transfers: () => ok(transfers.view()),
      pauseTransfer: (id) => transfers.pause(id),
      resumeTransfer: (id) => transfers.resume(id),
      removeTransfer: (id) => ok(transfers.remove(id)),
      listPodFolder: (podKey, path) => podFolders.list(podKey, path),
      closePodFolders: (podKey) => ok(podFolders.close(podKey)),
      makePodFolder: (podKey, folder, name) => podFolders.make(podKey, folder, name),
      renamePodFile: (podKey, folder, name, newName) => podFolders.rename(podKey, folder, name, newName),
      deletePodFiles: (podKey, folder, names) => deleteAsked(podKey, folder, names),
      async openLocalFolder() {
        const path = await options.chooseLocalFolder()
        return ok(path === null ? null : localFolders.open(path))
      },
      listLocalFolder: (rootId, path) => localFolders.list(rootId, path),
      uploadChosen: async (podKey, folder, what) =>
        await add(podKey, 'upload', async ({ name }) => {
          const sources = await options.chooseUploads(name, folder, what)
          return ok(sources && { sources, destination: folder })
        }),
      async uploadFrom(podKey, folder, rootId, path, names) {
        const sources = await localFolders.sources(rootId, path, names)
        return sources.ok ? await upload(podKey, sources.value, folder) : sources
      },
      downloadToChosen: async (podKey, folder, names) =>
        await add(podKey, 'download', async ({ name }) => {
          const destination = await options.chooseDownloadFolder(names.length, name)
          return ok(destination === null ? null : { sources: inFolder(folder, names), destination })
        }),
      async downloadTo(podKey, folder, names, rootId, path) {
        const local = await localFolders.resolve(rootId, path)
        if (!local.ok) return local
        const agreed = { sources: inFolder(folder, names), destination: local.value }
        return await add(podKey, 'download', (pod) =>
          asking(downloadQuestion(named(podKey, pod), agreed.sources, agreed.destination), agreed),
        )
      },
    },
  }
}

/** Absolute paths. `destination`: a folder; empty: the pod's home folder. */
interface Agreed {
  readonly sources: readonly string[]
  readonly destination: string
}

/** The last name of a path of any system. */
const nameOf = (path: string): string =>
  lastName(process.platform === 'win32' ? path.replaceAll('\\', '/') : path) || path
