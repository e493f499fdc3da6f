import type { ApiCaller } from '../../../core/pods-api/api-caller'
import type { ApiSettings } from '../../../core/pods-api/api-schemas'
import type { ApiOutcome } from '../../../core/pods-api/api-types'
import type { ControlledQueueView } from '../../control/queue-control'
import { withoutRevived } from '../../../core/queue/schedule/allowed-anew'
import type { Holder } from './holder'
import type { ServedAccount } from './served-account'
import { serveText } from './serve-text'
import { done, refused, refusedForNow, toRefusal } from './token-actions'
import type { LabSettings } from '../../../core/pods/provider'
import { labSettingTexts } from '../../../core/pods/labs/lab-setting-text'

interface LabSettingsOptions {
  readonly holder: Holder
  readonly caller: ApiCaller
  readonly account: ServedAccount
  readonly accounts: readonly ServedAccount[]
  readonly queue: ControlledQueueView | null
}

/** Changes the settings of a lab at its own provider, with one request, and replies what applies there. */
async function changeAtProvider(
  { holder, caller, account }: LabSettingsOptions,
  changes: LabSettings,
  text: string,
): Promise<ApiOutcome> {
  if (account.provider?.changeLabSettings === undefined)
    return refusedForNow(503, serveText.noKey(account.name))
  const recorded = await holder.ask(account.id, (requests) =>
    requests.recordRequest(caller.name, serveText.asked.setting(text), null),
  )
  if (!recorded.ok) return toRefusal(recorded.error)
  const answer = await account.provider.changeLabSettings(changes)
  if (!answer.ok) {
    const { kind, message } = answer.error
    const mayHelpLater = kind === 'rate-limited' || kind === 'unreachable' || kind === 'unreadable'
    return mayHelpLater ? refusedForNow(503, message) : refused(409, message)
  }
  const { idleAlertMinutes, isAutoScheduled } = answer.value
  return done({
    labId: account.hubifyLabId ?? account.id,
    slug: account.slug,
    ...(idleAlertMinutes !== undefined && { idleAlertMinutes }),
    ...(isAutoScheduled !== undefined && { autoScheduleEnabled: isAutoScheduled }),
  })
}

/**
 * Changes settings of a lab at its provider. Of another account, changes when idle pods are reported, which is a setting of all accounts, and whether jobs start on the account's
 * pods automatically. Nothing is changed where one of both is refused. A token brings no pods to start or create back: see
 * docs/product-rules.md#154-what-windows-may-do.
 */
export async function changeLabSettings(
  options: LabSettingsOptions,
  { idleAlertMinutes, autoScheduleEnabled }: ApiSettings,
): Promise<ApiOutcome> {
  const { holder, caller, account, accounts, queue } = options
  const changes = {
    ...(idleAlertMinutes !== undefined && { idleAlertMinutes }),
    ...(autoScheduleEnabled !== undefined && { isAutoScheduled: autoScheduleEnabled }),
  }
  const asked = labSettingTexts(changes).join(', ')
  if (account.hubifyLabId !== null) return changeAtProvider(options, changes, asked)
  const isForAll = caller.accountIds === null || accounts.every(({ id }) => caller.accountIds?.includes(id))
  if (idleAlertMinutes !== undefined && !isForAll) return refused(403, serveText.settingForAll)
  if (autoScheduleEnabled !== undefined && holder.keeperOf(account.id) !== null)
    return refused(409, serveText.scheduleAtServer)
  if (autoScheduleEnabled !== undefined && queue === null) return refusedForNow(503, serveText.noQueue)
  const recorded = await holder.ask(account.id, (requests) =>
    requests.recordRequest(caller.name, serveText.asked.setting(asked), null),
  )
  if (!recorded.ok) return toRefusal(recorded.error)
  if (idleAlertMinutes !== undefined) {
    const changed = await holder.ask(null, (requests) =>
      requests.changeSetting('idleAlertAfterMin', idleAlertMinutes),
    )
    if (!changed.ok) return toRefusal(changed.error)
  }
  if (autoScheduleEnabled !== undefined) {
    // As they are now: a person may have changed others of them.
    const { rules } = await holder.queue()
    const others = rules.accountIds.filter((id) => id !== account.id)
    const accountIds = autoScheduleEnabled ? [...others, account.id] : others
    const changed = await holder.ask(null, (requests) =>
      requests.setSchedule(withoutRevived(rules, { ...rules, accountIds })),
    )
    if (!changed.ok) return toRefusal(changed.error)
  }
  const settings = await holder.ask(null, (requests) => requests.settings())
  const idleAlertAfterMin = settings.ok ? settings.value['idleAlertAfterMin'] : undefined
  const { rules } = await holder.queue()
  return done({
    labId: account.hubifyLabId ?? account.id,
    slug: account.slug,
    ...(typeof idleAlertAfterMin === 'number' && { idleAlertMinutes: idleAlertAfterMin }),
    autoScheduleEnabled: rules.accountIds.includes(account.id),
  })
}
