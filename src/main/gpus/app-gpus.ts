import type { Clock } from '../../core/base/time/clock'
import { ok } from '../../core/base/result'
import type { PromptWindow } from '../windows/prompt-window'
import { parsePodKey, type Pod, type PodKey } from '../../core/pods/pod'
import type { GpuRequests } from '../../shared/requests/pod/gpu-requests'
import type { HandlersOf } from '../../shared/ipc'
import type { Ssh } from '../../ssh/create-ssh'
import type { AccountSession } from '../account/account-session-types'
import { accountName } from '../../core/view/account-name'
import { askInWindow, createConnectPrompts } from '../terminals/connect-prompts'
import type { Terminals } from '../terminals/terminals-types'
import type { Windows } from '../windows/windows'
import { createGpuViews } from './gpu-views'

export interface AppGpusOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'monitor' | 'snapshot'>
  readonly ssh: Pick<Ssh, 'openScriptSession'>
  readonly terminals: Pick<Terminals, 'view'>
  readonly windows: Pick<Windows, 'isAnyShown' | 'onPageLost'>
  readonly ask: PromptWindow['ask']
}

/** The pod as last observed; null: not listed. */
export function findPod(session: AppGpusOptions['session'], podKey: PodKey): Pod | null {
  const { accountId, podId } = parsePodKey(podKey)
  const pods = session.monitor(accountId)?.accountPods().pods ?? []
  return pods.find(({ id }) => id === podId) ?? null
}

/** The GPUs that a window shows live, for as long as it is there. */
export function createAppGpus(options: AppGpusOptions): HandlersOf<GpuRequests> {
  const { session, terminals, windows } = options
  const answers = askInWindow(options.ask, (accountId) => accountName(session.snapshot(), accountId))
  const views = createGpuViews({
    clock: options.clock,
    findPod: (podKey) => findPod(session, podKey),
    isShown: () => windows.isAnyShown(),
    hasTerminal: (podKey) =>
      terminals.view().terminals.some((one) => one.podKey === podKey && one.state.kind === 'open'),
    prompts: (podName) => createConnectPrompts(podName, answers, () => {}),
    openSession: options.ssh.openScriptSession,
    onReading: (accountId, podId, startedAtMs, { gpus }) =>
      session.monitor(accountId)?.recordLiveGpus(podId, startedAtMs, gpus),
  })
  windows.onPageLost((lost) => (windows.isAnyShown(lost) ? views.closeUnread() : views.closeAll()))
  return {
    readGpus: (podKey, viewer, connect) => views.read(podKey, viewer, connect),
    closeGpus: (podKey, viewer) => ok(views.close(podKey, viewer)),
  }
}
