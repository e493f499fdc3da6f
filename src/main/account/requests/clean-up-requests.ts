import { fail, ok, type Result } from '../../../core/base/result'
import type { Clock } from '../../../core/base/time/clock'
import { elapsedMs, type Instant, MINUTE_MS } from '../../../core/base/time/time'
import { refused } from '../../../core/changes/change-runner'
import { changeRefusalText } from '../../../core/changes/refusal-text'
import { shownTemplate } from '../../../core/changes/template-delete'
import type { AccessLeftovers } from '../../../core/clean-up/clean-up-view'
import { readAccessLeftovers } from '../../../core/clean-up/read-access'
import { templateQuestion } from '../../../core/confirmation/change-questions'
import { type Ask, askWhether } from '../../../core/confirmation/question-queue'
import type { Monitor } from '../../../core/monitor/monitor-types'
import type { ShownTemplate } from '../../../core/pods/catalog'
import type { AccountId } from '../../../core/pods/pod'
import type { Provider } from '../../../core/pods/provider'
import type { HandlersOf } from '../../../shared/ipc'
import type { AnsweredChange } from '../../../shared/requests/change-requests'
import type { CleanUpRequestsOfWindows } from '../../../shared/requests/clean-up-requests'
import type { Ssh } from '../../../ssh/create-ssh'
import { accountText } from '../account-text'

export interface CleanUpHandlersOptions extends Pick<Ssh, 'foreignKeys'> {
  readonly clock: Pick<Clock, 'now'>
  readonly monitor: (accountId: AccountId) => Monitor | null
  readonly provider: (accountId: AccountId) => Provider | null
  readonly ask: Ask
  /** What a person calls the account; null where there is only one. */
  readonly nameOf: (accountId: AccountId) => string | null
}

/** Templates and keys that were read this short a time ago are not read again. */
const FRESH_MS = MINUTE_MS

interface AccessReading {
  readonly at: Instant
  readonly access: Promise<AccessLeftovers>
}

/** Requests about what may be left over. See docs/product-rules.md#510-clean-up. */
export function createCleanUpRequests(options: CleanUpHandlersOptions): HandlersOf<CleanUpRequestsOfWindows> {
  const { clock, monitor, provider: providerOf, ask, nameOf } = options
  const readings = new WeakMap<Provider, AccessReading>()

  function readAccess(accountId: AccountId, provider: Provider): Promise<AccessLeftovers> {
    const at = clock.now()
    const before = readings.get(provider)
    if (before !== undefined && elapsedMs(before.at, at) < FRESH_MS) return before.access
    const foreignKeys = (registered: readonly string[]) => options.foreignKeys(accountId, registered)
    const access = readAccessLeftovers(provider, foreignKeys)
    readings.set(provider, { at, access })
    return access
  }

  async function deleteTemplate(
    accountId: AccountId,
    shown: ShownTemplate,
  ): Promise<Result<AnsweredChange, string>> {
    const provider = providerOf(accountId)
    if (provider === null || monitor(accountId) === null) return fail(accountText.notConnected)
    const listed = await provider.listSecretTemplates?.()
    if (listed === undefined) return ok(refused(changeRefusalText.noTemplates))
    if (!listed.ok) return ok(refused(changeRefusalText.templatesUnread(listed.error.message)))
    // The question names what main read, whatever the page says.
    const { templates } = listed.value
    const template = shownTemplate(shown, templates)
    if (!template.ok) return ok(refused(template.error))
    const asked = await askWhether(ask, templateQuestion(template.value, templates, nameOf(accountId)))
    if (!asked.ok || !asked.value) return asked.ok ? ok(null) : asked
    // The account may have been paused or removed while the person was asked.
    const current = monitor(accountId)
    if (current === null) return fail(accountText.notConnected)
    const result = await current.deleteTemplate(shown, false)
    readings.delete(provider)
    return ok(result)
  }

  return {
    async cleanUp(accountId) {
      const [current, provider] = [monitor(accountId), providerOf(accountId)]
      if (current === null || provider === null) return fail(accountText.notConnected)
      const access = await readAccess(accountId, provider)
      return ok({ ...current.leftovers(), ...access })
    },
    deleteTemplate,
  }
}
