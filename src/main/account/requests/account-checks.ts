import { computerCheckText } from '../../../core/doctor/computer-check-text'
import type { DoctorLine } from '../../../core/doctor/doctor-line'
import { obstaclesLine } from '../../../core/doctor/obstacles-line'
import { type RunningDoctor, runDoctor } from '../../../core/doctor/run-doctor'
import { fail, ok } from '../../../core/base/result'
import type { Clock } from '../../../core/base/time/clock'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import { providerName } from '../../../core/settings/account-record'
import { keyStorageText } from '../../../core/settings/key-storage-text'
import { type AccountPart, partOf } from '../../../core/view/snapshot'
import { dataFolderLine } from '../../../node/doctor/computer-checks'
import type { AccountCheckView } from '../../../shared/requests/account-requests'
import type { Handlers } from '../../../shared/ipc'
import type { Ssh } from '../../../ssh/create-ssh'
import { accountText } from '../account-text'
import type { AccountSession } from '../account-session-types'

export interface CheckHandlerOptions {
  readonly clock: Clock
  readonly session: Pick<AccountSession, 'provider' | 'snapshot' | 'subscribe'>
  readonly ssh: Pick<Ssh, 'compareKeys'>
  readonly dataFolder: string
  readonly areNotificationsSupported: () => boolean
  readonly onView: (view: AccountCheckView) => void
}

interface RunningCheck {
  readonly provider: Provider
  readonly doctor: RunningDoctor
}

/** Checks of accounts that windows ask for: at most one of each account. */
export function createAccountChecks(
  options: CheckHandlerOptions,
): Pick<Handlers, 'startAccountCheck' | 'cancelAccountCheck'> {
  const { session, clock, onView } = options
  const running = new Map<AccountId, RunningCheck>()
  // A key that was removed or replaced is asked nothing more.
  session.subscribe(() => {
    for (const [accountId, { provider, doctor }] of running)
      if (session.provider(accountId) !== provider) doctor.cancel()
  })

  const partNow = (accountId: AccountId): AccountPart | undefined => partOf(session.snapshot(), accountId)

  function start(part: AccountPart, provider: Provider): void {
    const { id } = part.entry
    let view: AccountCheckView = { accountId: id, isRunning: true, progress: null, lines: [] }
    const show = (changes: Partial<AccountCheckView>): void => {
      view = { ...view, ...changes }
      onView(view)
    }
    const doctor = runDoctor({
      provider,
      providerName: providerName(part.entry.provider),
      clock,
      isQuick: false,
      compareKeys: options.ssh.compareKeys,
      computerChecks: [
        async () => keyStorageLine(part),
        async () => notificationsLine(options.areNotificationsSupported()),
        async () => dataFolderLine(options.dataFolder),
        async () => obstaclesLine(partNow(id)?.obstacles ?? []),
      ],
      onLine: (line) => show({ lines: [...view.lines, line] }),
      onProgress: (progress) => show({ progress }),
    })
    running.set(id, { provider, doctor })
    show({})
    void doctor.done.finally(() => {
      running.delete(id)
      show({ isRunning: false, progress: null })
    })
  }

  return {
    startAccountCheck(accountId) {
      if (running.has(accountId)) return ok(undefined)
      const part = partNow(accountId)
      const provider = session.provider(accountId)
      if (part === undefined || provider === null) return fail(accountText.notConnected)
      return ok(start(part, provider))
    },
    cancelAccountCheck: (accountId) => ok(running.get(accountId)?.doctor.cancel()),
  }
}

function keyStorageLine({ account }: AccountPart): DoctorLine {
  if (account === null) return { id: 'key-storage', verdict: 'not-checked', text: accountText.notConnected }
  const { keyStorage, sessionOnlyReason } = account
  return {
    id: 'key-storage',
    verdict: keyStorage === 'session-only' ? 'warning' : 'ok',
    text: keyStorageText(keyStorage, sessionOnlyReason),
  }
}

const notificationsLine = (isSupported: boolean): DoctorLine =>
  isSupported
    ? { id: 'notifications', verdict: 'ok', text: computerCheckText.notificationsShown }
    : { id: 'notifications', verdict: 'warning', text: computerCheckText.notificationsMissing }
