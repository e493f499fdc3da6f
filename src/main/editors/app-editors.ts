import { join } from 'node:path'
import { ok } from '../../core/base/result'
import { accountName } from '../../core/view/account-name'
import type { Snapshot } from '../../core/view/snapshot'
import { fileStamp } from '../../node/data-folder/files/file-stamp'
import { startEditor } from '../../node/editors/start-editor'
import type { EditorRequests } from '../../shared/requests/pod/editor-requests'
import type { HandlersOf } from '../../shared/ipc'
import type { Ssh } from '../../ssh/create-ssh'
import { createHostFollower } from '../../ssh/hosts/follow-hosts'
import { createHostFiles } from '../../ssh/hosts/host-files'
import { isDemoId } from '../account/session/demo-entry'
import type { AccountParts } from '../account/session/open-account'
import type { RuntimeLimits } from '../lifecycle/runtime'
import type { AppStore } from '../settings/app-store'
import { askInWindow, createConnectPrompts } from '../terminals/connect-prompts'
import type { PromptWindow } from '../windows/prompt-window'
import { createEditors } from './editors'

export interface AppEditorsOptions {
  readonly userData: string
  readonly limits: Pick<RuntimeLimits, 'home' | 'env'>
  readonly store: Pick<AppStore, 'settings' | 'changeSettings'>
  readonly promptWindow: Pick<PromptWindow, 'ask'>
  readonly ssh: Pick<Ssh, 'openPortConnection' | 'describeHost'>
  readonly accountParts: Pick<AccountParts, 'session' | 'terminalInput' | 'folderHost'>
  readonly report: (text: string) => void
}

export interface AppEditors {
  readonly handlers: HandlersOf<EditorRequests>
  /** Must be called with each snapshot. */
  readonly onSnapshot: (snapshot: Snapshot) => void
}

/** Opens pods in editors, and keeps what OpenSSH knows of the pods true. The demo's are left out. */
export function createAppEditors(options: AppEditorsOptions): AppEditors {
  const { userData, limits, store, ssh, report } = options
  const { ask } = options.promptWindow
  const { session, terminalInput, folderHost } = options.accountParts
  const { isActing } = folderHost.lock
  const { home, env } = limits
  const files = createHostFiles(home, userData)
  const hostKeyFile = join(userData, 'host-keys.json')
  const follower = createHostFollower({
    files,
    describeHost: ssh.describeHost,
    keysStamp: () => `${fileStamp(hostKeyFile)} ${store.settings().sshKeyFile}`,
    mayWrite: isActing,
    report,
  })
  const editors = createEditors({
    locations: {
      home,
      env,
      platform: process.platform,
      customCommand: () => store.settings().editorCommand,
    },
    files,
    follower,
    ask,
    nameOf: (accountId) => accountName(session.snapshot(), accountId),
    podsOf: (accountId) => session.monitor(accountId)?.accountPods().pods ?? null,
    isDemo: isDemoId,
    async connect(target, podName) {
      const prompts = createConnectPrompts(
        podName,
        askInWindow(ask, (accountId) => accountName(session.snapshot(), accountId)),
        () => {},
      )
      const opened = await ssh.openPortConnection(target, new AbortController().signal, prompts)
      if (!opened.ok) return { ok: false, error: opened.error.reason }
      opened.value.close()
      return ok(undefined)
    },
    isTrusted: async (target) => (await ssh.describeHost(target)) !== null,
    start: startEditor,
    recordUse: (podKey) => terminalInput.recordInput(podKey),
    saveCommand(command) {
      const saved = store.changeSettings({ editorCommand: command ?? undefined })
      return saved.ok ? saved : { ok: false, error: saved.error.map(({ reason }) => reason).join(' ') }
    },
  })
  let knownAccounts = ''
  return {
    handlers: {
      editorChoices: (podKey) => editors.choices(podKey),
      editPodWith: (podKey, id, folder) => editors.edit(podKey, id, folder),
      removeSshHosts: () => editors.removeHosts(),
      changeEditorCommand: () => editors.changeCommand(),
    },
    onSnapshot({ accounts }) {
      const ids = accounts.map(({ entry }) => entry.id)
      if (ids.some(isDemoId) || ids.length === 0) return
      if (isActing() && ids.join('\n') !== knownAccounts) {
        knownAccounts = ids.join('\n')
        files.keepOnly(ids)
      }
      for (const { entry, listedAtMs } of accounts) {
        const monitor = session.monitor(entry.id)
        // Before the first list no pod is known to be gone.
        if (monitor !== null && listedAtMs !== null) follower.onPods(entry.id, monitor.accountPods().pods)
      }
    },
  }
}
