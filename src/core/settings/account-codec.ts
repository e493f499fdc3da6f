import * as v from 'valibot'
import {
  accountColors,
  accountNameFor,
  type AccountRecord,
  freeColor,
  freeName,
  isNameTaken,
  MAX_ACCOUNT_NAME,
} from './account-record'
import { MAX_BUDGET_USD } from './definitions/money-settings'

const budget = v.pipe(v.number(), v.finite(), v.minValue(0.01), v.maxValue(MAX_BUDGET_USD))
/** What a person calls an account. */
export const accountNameSchema = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_ACCOUNT_NAME))

export const accountChangesSchema = v.strictObject({
  name: v.exactOptional(accountNameSchema),
  color: v.exactOptional(v.picklist(accountColors)),
  isPaused: v.exactOptional(v.boolean()),
  monthlyBudgetUsd: v.exactOptional(v.nullable(budget)),
  dailyBudgetUsd: v.exactOptional(v.nullable(budget)),
  usesAnnouncedRoutes: v.exactOptional(v.boolean()),
  watchesNewPods: v.exactOptional(v.boolean()),
  watchesEndpoints: v.exactOptional(v.boolean()),
})

/** As stored, in `config.json` and beside a key of the command line. */
export const storedLabSchema = v.looseObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  slug: v.fallback(v.pipe(v.string(), v.maxLength(100)), ''),
  usesAnnouncedRoutes: v.fallback(v.boolean(), false),
})

/** As stored. Names, colors and budgets that make no sense are left out, since they stop nothing. */
export const storedAccountSchema = v.looseObject({
  id: v.pipe(
    v.string(),
    v.check((id) => !id.includes('/')),
  ),
  provider: v.exactOptional(v.fallback(v.string(), '?')),
  // Without one that makes sense the account is not watched.
  lab: v.fallback(v.optional(storedLabSchema), undefined),
  keyId: v.exactOptional(v.string()),
  baseUrl: v.string(),
  keyEnding: v.string(),
  encryptedKey: v.nullable(v.string()),
  possibleAccountId: v.exactOptional(v.string()),
  // What makes no sense counts as later than every job.
  addedAtMs: v.exactOptional(v.fallback(v.number(), Number.MAX_SAFE_INTEGER)),
  name: v.fallback(v.optional(accountNameSchema), undefined),
  color: v.fallback(v.optional(v.picklist(accountColors)), undefined),
  isPaused: v.fallback(v.optional(v.boolean()), undefined),
  monthlyBudgetUsd: v.fallback(v.optional(budget), undefined),
  dailyBudgetUsd: v.fallback(v.optional(budget), undefined),
  watchesNewPods: v.fallback(v.optional(v.boolean()), undefined),
  watchesEndpoints: v.fallback(v.optional(v.boolean()), undefined),
})

type StoredAccount = v.InferOutput<typeof storedAccountSchema>

/** Completes what was read: each account once, with a name and a color of its own. */
export function completeAccounts(stored: readonly StoredAccount[]): readonly AccountRecord[] {
  const accounts: AccountRecord[] = []
  for (const one of stored) {
    const {
      name,
      color,
      isPaused,
      monthlyBudgetUsd,
      dailyBudgetUsd,
      watchesNewPods,
      watchesEndpoints,
      lab,
      ...record
    } = one
    if (accounts.some(({ id }) => id === record.id)) continue
    const isNameFree = name !== undefined && !isNameTaken(accounts, name)
    accounts.push({
      ...record,
      name: isNameFree ? name : freeName(accounts, accountNameFor(record.provider)),
      color: color ?? freeColor(accounts),
      ...(lab !== undefined && { lab }),
      ...(isPaused === true && { isPaused }),
      ...(monthlyBudgetUsd !== undefined && { monthlyBudgetUsd }),
      ...(dailyBudgetUsd !== undefined && { dailyBudgetUsd }),
      ...(watchesNewPods !== undefined && { watchesNewPods }),
      ...(watchesEndpoints !== undefined && { watchesEndpoints }),
    })
  }
  return accounts
}
