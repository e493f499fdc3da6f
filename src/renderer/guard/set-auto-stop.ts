import type { AccountId } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import { autoStopModeOf, isAutoStopOff } from './auto-stop-pods'
import { runInBulk } from '../state/run-in-bulk'
import type { WindowServices } from '../state/window-context'
import { autoStopDoneText, autoStopFailure, autoStopSwitchText } from './auto-stop-switch-text'

type AutoStopServices = Pick<WindowServices, 'bridge' | 'snapshotStore'>

/** Turns auto-stop on or off for all pods, or leaves it to their accounts (null), with one undo. Never rejects. */
export async function setAutoStop(
  services: AutoStopServices,
  pods: readonly PodView[],
  isAutoStopped: boolean | null,
): Promise<void> {
  const turnedOn = isAutoStopped === true ? await turnOnAccounts(services, pods) : noAccounts
  const others = pods.filter(({ accountId }) => !turnedOn.asked.has(accountId))
  const select = (some: readonly PodView[], value: boolean | null, failure: string) =>
    runInBulk(services, some, failure, (podKeys) => services.bridge.selectForAutoStop(podKeys, value))
  const selected = others.length === 0 ? 0 : await select(others, isAutoStopped, autoStopFailure.notChanged)
  const count = selected + turnedOn.podCount
  if (count === 0) return
  const undo = async (): Promise<void> => {
    for (const accountId of turnedOn.accountIds)
      await services.snapshotStore.runRequest(
        autoStopSwitchText.notTurnedOff,
        services.bridge.setAutoStop(accountId, 'off'),
      )
    const changed = pods.filter(
      ({ accountId }) => !turnedOn.asked.has(accountId) || turnedOn.accountIds.includes(accountId),
    )
    for (const value of [true, false, null]) {
      const before = changed.filter(({ guard }) => (guard.rules.isAutoStopped ?? null) === value)
      if (value !== isAutoStopped && before.length > 0)
        await select(before, value, autoStopFailure.notChangedBack)
    }
  }
  services.snapshotStore.showToast('ok', autoStopDoneText(isAutoStopped, count), () => void undo())
}

/** Turns auto-stop of one pod on or off. Its switch shows the result, so that only an account that was turned on is told. */
export async function switchAutoStop(
  services: AutoStopServices,
  pod: PodView,
  isAutoStopped: boolean,
): Promise<void> {
  const { snapshot } = services.snapshotStore.store.getState()
  const isAsked = isAutoStopped && snapshot !== null && isAutoStopOff(autoStopModeOf(snapshot, pod.accountId))
  if (isAsked) return setAutoStop(services, [pod], true)
  await runInBulk(services, [pod], autoStopFailure.notChanged, (podKeys) =>
    services.bridge.selectForAutoStop(podKeys, isAutoStopped),
  )
}

interface TurnedOnAccounts {
  /** Accounts whose auto-stop was off, of which the person was asked. */
  readonly asked: ReadonlySet<AccountId>
  /** Those that are on now. */
  readonly accountIds: readonly AccountId[]
  /** For how many of their pods it is on. */
  readonly podCount: number
}

const noAccounts: TurnedOnAccounts = { asked: new Set(), accountIds: [], podCount: 0 }

/** Turns auto-stop on for each account where it is off, one question after the other. */
async function turnOnAccounts(
  { bridge, snapshotStore }: AutoStopServices,
  pods: readonly PodView[],
): Promise<TurnedOnAccounts> {
  const { wholeSnapshot: snapshot } = snapshotStore.store.getState()
  if (snapshot === null) return noAccounts
  const ids = [...new Set(pods.map(({ accountId }) => accountId))]
  const asked = ids.filter((accountId) => isAutoStopOff(autoStopModeOf(snapshot, accountId)))
  const accountIds: AccountId[] = []
  let podCount = 0
  for (const accountId of asked) {
    const podIds = pods.filter((pod) => pod.accountId === accountId).map(({ id }) => id)
    const count = await snapshotStore.runRequest(
      autoStopSwitchText.notTurnedOn,
      bridge.turnOnAutoStop(accountId, podIds),
    )
    if (count === null) continue
    accountIds.push(accountId)
    podCount += count
  }
  return { asked: new Set(asked), accountIds, podCount }
}
