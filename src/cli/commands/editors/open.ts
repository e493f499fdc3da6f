import { plainText } from '../../../core/base/text/plain-text'
import { type EditorId, editorIds, isRemoteFolder, usualFolder } from '../../../core/editors/editors'
import { podAlias } from '../../../core/editors/ssh-hosts'
import { editorCommandProblem } from '../../../core/settings/definitions/editor-command'
import { type EditorLocations, findEditor, type FoundEditor } from '../../../node/editors/find-editor'
import { startEditor } from '../../../node/editors/start-editor'
import type { CliAccount } from '../../account/account'
import type { CliHosts } from '../../account/cli-hosts'
import { CliExit, exitCodes } from '../../output/exit'
import { copyText } from '../files/copy-text'
import { type PodSearch, reachPod } from '../files/reach-pod'
import { editorsText } from './editors-text'
import { includeHosts, type IncludeOptions } from './include-hosts'

export interface OpenOptions extends PodSearch, IncludeOptions {
  readonly podQuery: string
  /** One of `editorIds`, or a command; null: the first that is installed. */
  readonly editor: string | null
  /** Full path; null: where a volume is mounted, or the home folder. */
  readonly folder: string | null
  readonly locations: EditorLocations
  readonly hostsOf: (account: CliAccount) => CliHosts
  /** That the pod is in use, so that it isn't idle. */
  readonly onActive: (accountId: string, podId: string) => void
}

/** Opens a folder of a pod in an editor of this computer. Returns the exit code; throws a `CliExit`. */
export async function openPod(options: OpenOptions): Promise<number> {
  const { output, podQuery } = options
  if (options.folder !== null && !isRemoteFolder(options.folder))
    throw new CliExit(exitCodes.usage, editorsText.noFolder)
  const editor = chooseEditor(options)
  const { account, pod, target } = await reachPod(options, podQuery, editorsText.noDirect)
  const alias = podAlias(pod)
  if (alias === null) throw new CliExit(exitCodes.failed, editorsText.noAlias)
  const hosts = options.hostsOf(account)
  const connected = await hosts.connect(target)
  if (!connected.ok) {
    const { kind, reason } = connected.error
    const hint = kind === 'host-key-untrusted' ? copyText.untrusted(plainText(podQuery)) : ''
    throw new CliExit(exitCodes.failed, editorsText.notReached(plainText(pod.name), reason, hint))
  }
  await includeHosts(options)
  const listed = await account.provider.listPods()
  if (!listed.ok) throw new CliExit(exitCodes.unreachable, listed.error.message)
  if (!(await hosts.isTrusted(target))) throw new CliExit(exitCodes.failed, editorsText.noKey)
  const written = await hosts.update(listed.value.pods)
  if (!written.ok) throw new CliExit(exitCodes.failed, written.error)
  options.onActive(account.view.id, pod.id)
  const folder = options.folder ?? usualFolder(pod)
  const { home, env } = options.locations
  const started = await startEditor(editor, { alias, folder, home, env })
  if (!started.ok) throw new CliExit(exitCodes.failed, started.error)
  output.result(editorsText.opened(editor.name, alias, folder))
  return exitCodes.ok
}

function chooseEditor({ editor, locations }: Pick<OpenOptions, 'editor' | 'locations'>): FoundEditor {
  if (editor === null) {
    const [first] = editorIds.flatMap((id) => findEditor(id, locations) ?? [])
    if (first === undefined) throw new CliExit(exitCodes.failed, editorsText.noneInstalled)
    return first
  }
  const isCommand = !isEditorId(editor)
  if (isCommand && editorCommandProblem(editor) !== null)
    throw new CliExit(exitCodes.usage, editorsText.unknownEditor(plainText(editor)))
  const found = isCommand
    ? findEditor('custom', { ...locations, customCommand: () => editor })
    : findEditor(editor, locations)
  if (found === null) throw new CliExit(exitCodes.failed, editorsText.notInstalled)
  return found
}

const isEditorId = (text: string): text is EditorId => editorIds.some((id) => id === text)
