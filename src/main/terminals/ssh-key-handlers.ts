import type { AccountPods } from '../../core/confirmation/confirmation-prompt'
import { registerKeyQuestion, restartForKeyQuestion } from '../../core/confirmation/terminal-questions'
import { type AccountId, parsePodKey, type PodId, podNotListedText } from '../../core/pods/pod'
import type { Provider } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import type { SettingError } from '../../core/settings/settings'
import type { PodView } from '../../core/view/snapshot'
import type { Handlers } from '../../shared/ipc'
import type { Ssh } from '../../ssh/create-ssh'
import { type Ask, askWhether } from '../../core/confirmation/question-queue'
import { accountText } from '../account/account-text'
import { terminalsText } from './terminals-text'

export type SshKeyRequestName = 'sshKeys' | 'createSshKey' | 'registerSshKey' | 'chooseSshKeyFile'

export interface SshKeyHandlersOptions {
  readonly ssh: Pick<Ssh, 'getKeysView' | 'generateKey' | 'shownKey' | 'registerKey'>
  /** Null unless that account is connected. The same for `accountPods`. */
  readonly provider: (accountId: AccountId) => Provider | null
  readonly accountPods: (accountId: AccountId) => AccountPods | null
  /** Uses the system's dialog; null when canceled. */
  readonly chooseFile: () => Promise<string | null>
  /** Stores the path in the settings. */
  readonly saveFile: (path: string) => Result<void, readonly SettingError[]>
  readonly ask: Ask
  /** The pod as a window shows it; undefined if it isn't listed. */
  readonly podView: (accountId: AccountId, podId: PodId) => PodView | undefined
  readonly restart: (accountId: AccountId, podId: PodId) => Result<void, string>
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
}

/** Handlers for local and registered keys, for the guided repair. */
export function createSshKeyHandlers(options: SshKeyHandlersOptions): Pick<Handlers, SshKeyRequestName> {
  const { ssh } = options

  /** Null if it can't be restarted. */
  function podToRestart(accountId: AccountId, podId: PodId): PodView | null {
    const view = options.podView(accountId, podId)
    return view?.actions.includes('restart') === true ? view : null
  }

  /** Restarts the pod, asking first unless it is as idle as in the question that was answered (`idle`). */
  async function restartFor(accountId: AccountId, podId: PodId, idle: PodView | null): Promise<boolean> {
    const current = podToRestart(accountId, podId)
    if (current === null) return false
    const { activity, startedAtMs } = current
    const isAgreed = idle !== null && activity.kind === 'idle' && startedAtMs === idle.startedAtMs
    if (!isAgreed) {
      const question = restartForKeyQuestion(current, options.nameOf(accountId), activity.kind)
      const asked = await askWhether(options.ask, question)
      if (!asked.ok || !asked.value) return false
    }
    return options.restart(accountId, podId).ok
  }

  return {
    async sshKeys(podKey) {
      const { accountId, podId } = parsePodKey(podKey)
      const [provider, account] = [options.provider(accountId), options.accountPods(accountId)]
      if (provider === null || account === null) return fail(accountText.notConnected)
      const pod = account.pods.find(({ id }) => id === podId)
      if (pod === undefined) return fail(podNotListedText)
      const { startedAtMs, ssh: podSsh } = pod
      return ok(await ssh.getKeysView(provider, { accountId, podId, startedAtMs, ssh: podSsh }))
    },
    createSshKey: () => ssh.generateKey(),
    async registerSshKey(accountId, fingerprint, podId) {
      const provider = options.provider(accountId)
      if (provider === null) return fail(accountText.notConnected)
      const key = await ssh.shownKey(fingerprint)
      if (key === null) return fail(terminalsText.keyUnknown)
      const shown = podId === null ? null : podToRestart(accountId, podId)
      const idle = shown?.activity.kind === 'idle' ? shown : null
      const question = registerKeyQuestion(key, options.nameOf(accountId), idle)
      const asked = await askWhether(options.ask, question)
      if (!asked.ok) return asked
      if (!asked.value) return ok('refused')
      // The account may have changed while the question was open.
      if (options.provider(accountId) !== provider) return fail(terminalsText.otherKey)
      const registered = await ssh.registerKey(provider, accountId, fingerprint)
      if (!registered.ok) return registered
      const isRestarting = podId !== null && (await restartFor(accountId, podId, idle))
      return ok(isRestarting ? 'restarting' : 'registered')
    },
    async chooseSshKeyFile() {
      const path = await options.chooseFile()
      if (path === null) return ok(null)
      const saved = options.saveFile(path)
      return saved.ok ? ok(path) : fail(saved.error.map(({ reason }) => reason).join(' '))
    },
  }
}
