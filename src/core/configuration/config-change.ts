import * as v from 'valibot'
import type { ReadonlyOutput } from '../base/readonly-output'
import { groupRulesSchema } from '../pod-rules/pod-rules'
import { parseAccountRules, withAccountRules } from '../pod-rules/pod-rules-codec'
import type { AppConfig } from '../settings/config-schema'

const accountChangeSchema = v.strictObject({
  autoStop: v.exactOptional(v.picklist(['off', 'ticked', 'all'])),
  groupRules: v.exactOptional(groupRulesSchema),
})

/** A change of settings and of rules of several accounts, which are carried out together or not at all. */
export const configChangeSchema = v.strictObject({
  settings: v.record(
    v.string(),
    v.nullable(v.union([v.pipe(v.string(), v.maxLength(2_000)), v.number(), v.boolean()])),
  ),
  /** The names of those that get their default. */
  resets: v.array(v.string()),
  /** By the id of the account. */
  accounts: v.record(v.string(), accountChangeSchema),
})
export type ConfigChange = ReadonlyOutput<typeof configChangeSchema>

export const isEmptyChange = ({ settings, resets, accounts }: ConfigChange): boolean =>
  Object.keys(settings).length + resets.length + Object.keys(accounts).length === 0

/** Settings as `changeSettings` takes them: undefined stands for the default. */
export const settingChangesOf = ({ settings, resets }: ConfigChange): Readonly<Record<string, unknown>> => ({
  ...settings,
  ...Object.fromEntries(resets.map((name) => [name, undefined])),
})

/** The stored rules of all accounts after the change. */
export function withAccountChanges(
  guards: AppConfig['guards'],
  { accounts }: ConfigChange,
): AppConfig['guards'] {
  return Object.entries(accounts).reduce(
    (changed, [accountId, change]) =>
      withAccountRules(changed, accountId, { ...parseAccountRules(changed, accountId).rules, ...change }),
    guards,
  )
}
