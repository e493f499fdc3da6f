import { ok } from '../../../src/core/base/result'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import type { AccountContext } from '../../../src/core/pod-rules/account-context'
import { defaultSettings } from '../../../src/core/settings/settings'
import { createFakeClock } from '../base/fake-clock'
import { createScriptedProvider } from './scripted-provider'

/** The context of an account that takes every entry and keeps nothing; `parts` replaces what a test is about. */
export function createAccountContext(parts: Partial<AccountContext> = {}): AccountContext {
  let ids = 0
  return {
    accountId: 'account-1',
    provider: createScriptedProvider([]),
    clock: createFakeClock(),
    journal: { record: () => ok(undefined) },
    newId: () => `id-${(ids += 1)}`,
    random: () => 0,
    earlierIntents: [],
    settings: () => defaultSettings,
    notifier: { show: async () => 'shown' },
    alertHistory: { load: () => ({}), save: () => {} },
    auditLog: { record: () => ok(undefined) },
    mayAnnounce: () => true,
    accountRules: { load: () => emptyAccountRules, update: () => ok(undefined) },
    utcOffset: () => 0,
    report(what, cause) {
      throw new Error(what, { cause })
    },
    ...parts,
  }
}
