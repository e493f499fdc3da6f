import {
  editorCommandQuestion,
  editPodQuestion,
  includeHostsQuestion,
  removeHostsQuestion,
} from '../../core/confirmation/editor-questions'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import { fail, ok, type Result } from '../../core/base/result'
import { type EditorId, editorIds, isRemoteFolder, usualFolder } from '../../core/editors/editors'
import { podAlias } from '../../core/editors/ssh-hosts'
import { type AccountId, parsePodKey, type Pod, type PodKey, podNotListedText } from '../../core/pods/pod'
import { settingProblem } from '../../core/settings/settings'
import { type EditorLocations, findEditor } from '../../node/editors/find-editor'
import type { startEditor } from '../../node/editors/start-editor'
import type { EditorChoices } from '../../shared/requests/pod/editor-requests'
import type { SshTarget } from '../../ssh/connection/ssh-shell'
import { toSshTarget } from '../../ssh/connection/ssh-target'
import type { HostFollower } from '../../ssh/hosts/follow-hosts'
import type { HostFiles } from '../../ssh/hosts/host-files'
import { editorsText } from './editors-text'

export interface EditorsOptions {
  readonly locations: EditorLocations
  readonly files: HostFiles
  readonly follower: HostFollower
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
  /** The pods of an account as last observed; null: it isn't connected. */
  readonly podsOf: (accountId: AccountId) => readonly Pod[] | null
  readonly isDemo: (accountId: AccountId) => boolean
  /** Connects to the pod, which may ask a person. The error is a clause. */
  readonly connect: (target: SshTarget, podName: string) => Promise<Result<void, string>>
  /** Whether Podkeeper trusts a key of the pod. */
  readonly isTrusted: (target: SshTarget) => Promise<boolean>
  readonly start: typeof startEditor
  /** That a person uses the pod. */
  readonly recordUse: (podKey: PodKey) => void
  readonly saveCommand: (command: string | null) => Result<void, string>
}

/** Opens pods in editors of this computer. Errors are sentences. */
export interface Editors {
  choices(podKey: PodKey): Result<EditorChoices, string>
  /** False: the person declined to open it, or the line in their SSH config. */
  edit(podKey: PodKey, id: EditorId, folder: string): Promise<Result<boolean, string>>
  /** False: the person declined. */
  removeHosts(): Promise<Result<boolean, string>>
  /** False: the person canceled. */
  changeCommand(): Promise<Result<boolean, string>>
}

/** See docs/product-rules.md#134-live-gpus-snippets-editors. */
export function createEditors(options: EditorsOptions): Editors {
  const { locations, files, follower, ask } = options

  /** The pod, as it can be opened now. */
  function reach(podKey: PodKey) {
    const { accountId, podId } = parsePodKey(podKey)
    if (options.isDemo(accountId)) return fail(editorsText.demo)
    const pods = options.podsOf(accountId) ?? []
    const pod = pods.find(({ id }) => id === podId)
    if (pod === undefined) return fail(podNotListedText)
    if (pod.phase !== 'running') return fail(editorsText.notRunning)
    const target = toSshTarget(accountId, pod)
    if (target === null || target.ssh.direct === null) return fail(editorsText.noDirectSsh)
    const alias = podAlias(pod)
    return alias === null ? fail(editorsText.noAlias) : ok({ accountId, pod, pods, target, alias })
  }

  async function include(): Promise<Result<boolean, string>> {
    if (files.state() === 'applies') return ok(true)
    const asked = await askWhether(ask, includeHostsQuestion(files.shownPath(), files.line))
    if (!asked.ok || !asked.value) return asked
    const done = files.include()
    return done.ok ? ok(true) : done
  }

  return {
    choices(podKey) {
      const reached = reach(podKey)
      const { accountId, podId } = parsePodKey(podKey)
      const pod = options.podsOf(accountId)?.find(({ id }) => id === podId)
      if (pod === undefined) return fail(podNotListedText)
      return ok({
        editors: editorIds.flatMap((id) => {
          const found = findEditor(id, locations)
          return found === null ? [] : [{ id, name: found.name }]
        }),
        folder: usualFolder(pod),
        alias: podAlias(pod) ?? '',
        line: files.line,
        isIncluded: files.state() === 'applies',
        problem: reached.ok ? null : reached.error,
      })
    },
    async edit(podKey, id, folder) {
      if (!isRemoteFolder(folder)) return fail(editorsText.noFolder)
      const before = reach(podKey)
      if (!before.ok) return before
      const editor = findEditor(id, locations)
      if (editor === null) return fail(editorsText.notInstalled)
      const { pod, accountId: ofAccount } = before.value
      const agreed = await askWhether(
        ask,
        editPodQuestion(
          { id: pod.id, name: pod.name, accountName: options.nameOf(ofAccount) },
          editor.name,
          folder,
        ),
      )
      if (!agreed.ok || !agreed.value) return agreed
      // A person decides about an unknown key here. ssh itself trusts only what Podkeeper does.
      const connected = await options.connect(before.value.target, pod.name)
      if (!connected.ok) return fail(editorsText.notConnected(pod.name, connected.error))
      const included = await include()
      if (!included.ok || !included.value) return included
      // It may have stopped while the person was asked.
      const now = reach(podKey)
      if (!now.ok) return now
      const { accountId, pods, target, alias } = now.value
      if (!(await options.isTrusted(target))) return fail(editorsText.noKey)
      const written = await follower.update(accountId, pods)
      if (!written.ok) return written
      options.recordUse(podKey)
      const { home, env } = locations
      const started = await options.start(editor, { alias, folder, home, env })
      return started.ok ? ok(true) : started
    },
    async removeHosts() {
      const asked = await askWhether(ask, removeHostsQuestion(files.shownPath(), files.line))
      if (!asked.ok || !asked.value) return asked
      const done = files.exclude()
      return done.ok ? ok(true) : done
    },
    async changeCommand() {
      const problemOf = (text: string): string | null => {
        const problem = text === '' ? null : settingProblem('editorCommand', text)
        return problem === null ? null : editorsText.commandProblem(problem)
      }
      const asked = await ask(
        editorCommandQuestion(locations.customCommand(), (typed) => problemOf(typed.trim())),
      )
      if (!asked.ok) return asked
      if (asked.value === null) return ok(false)
      const command = asked.value.trim()
      const problem = problemOf(command)
      if (problem !== null) return fail(problem)
      const saved = options.saveCommand(command === '' ? null : command)
      return saved.ok ? ok(true) : saved
    },
  }
}
