import { fail, ok, type Result } from '../../../core/base/result'
import { plainText } from '../../../core/base/text/plain-text'
import {
  type AccountRecord,
  freeColor,
  freeLabName,
  keyIdOf,
  MAX_ACCOUNTS,
} from '../../../core/settings/account-record'
import { parseApiKey } from '../../../core/settings/api-key'
import { noLabsText } from '../../../core/settings/key-problem-text'
import { accountIdOf, labAccountId } from '../../../node/account-id'
import type { HubifyKey } from '../../../providers/hubify/key'
import type { Lab } from '../../../providers/hubify/parse-lab'
import type {
  FailedKeyCheck,
  LabKeyReplacement,
  LabKeyResult,
  OfferedLab,
} from '../../../shared/requests/account-requests'
import { labProvider } from '../watched/account-providers'
import { NOT_A_HUBIFY_KEY } from '../account-prompts'
import type { AccountSession } from '../account-session-types'
import { accountText, sessionText } from '../account-text'
import { chooseHubifyAddress } from '../api-address'
import { type AccountListContext, addedNow, clearTakenKey } from './account-list'
import { toFailedKeyCheck } from '../key/verify-key'
import type { KeyDetails, WatchedAccount } from '../watched/watched-account'

/** A key that was pasted and works, with the labs that it sees. */
interface PastedKey {
  readonly key: HubifyKey
  readonly text: string
  /** What the clipboard held. */
  readonly copied: string
  readonly baseUrl: URL
  readonly labs: readonly Lab[]
}

/** Accounts of labs: docs/product-rules.md#122-hubify. The key stays in this process while labs are chosen. */
export function createLabKeys(
  context: AccountListContext,
): Pick<AccountSession, 'pasteLabKey' | 'addLabs' | 'replaceLabKey'> {
  const { session, prompts, keyStore, providers, list, runExclusively } = context
  let offered: PastedKey | null = null
  let isChecking = false

  /** Reads the clipboard and asks Hubify for the labs of the key. Nothing is stored. */
  async function readKey(): Promise<Result<PastedKey, FailedKeyCheck>> {
    if (isChecking) return fail({ kind: 'undecided', message: sessionText.alreadyChecking })
    isChecking = true
    try {
      const { url, source } = chooseHubifyAddress(session.hubifyBaseUrl, session.hosts)
      if (!url.ok) return fail({ kind: 'undecided', message: url.error })
      const { value: baseUrl } = url
      const maySend = await prompts.maySendKey(baseUrl, source, 'hubify')
      if (!maySend.ok || !maySend.value) {
        const refusal = sessionText.notSent(baseUrl.host)
        return fail({ kind: 'undecided', message: maySend.ok ? refusal : maySend.error })
      }
      const copied = await session.readClipboard()
      const text = parseApiKey(copied, 'hubify')
      if (text === null) return fail(NOT_A_HUBIFY_KEY)
      const key = providers.hubifyKey(baseUrl.href, text)
      const labs = await key.listLabs()
      if (!labs.ok) return fail(toFailedKeyCheck(labs.error, 'hubify'))
      if (labs.value.length === 0) return fail(NO_LABS)
      return ok({ key, text, copied, baseUrl, labs: labs.value })
    } finally {
      isChecking = false
    }
  }

  const accountOf = ({ baseUrl }: PastedKey, { id }: Lab): WatchedAccount | null =>
    list.find(labAccountId(baseUrl, id))

  function offer(pasted: PastedKey): readonly OfferedLab[] {
    return pasted.labs.map((lab) => {
      const account = accountOf(pasted, lab)
      return {
        id: lab.id,
        name: plainText(lab.name),
        slug: plainText(lab.slug),
        accountName: account?.record().name ?? null,
        isWatched: account !== null && (account.monitor() !== null || account.record().isPaused === true),
      }
    })
  }

  /** Stores the key for the account of a lab, new or not, and watches it with that key. */
  async function connect({ key, text, baseUrl }: PastedKey, lab: Lab): Promise<string> {
    const id = labAccountId(baseUrl, lab.id)
    const keyId = accountIdOf(baseUrl, text)
    const place = await keyStore.protect(text, keyId)
    // From here on nothing is awaited, so that no account is added or removed meanwhile.
    list.stored()
    const known = list.find(id)
    const before = known?.record()
    const record: AccountRecord = {
      ...(before ?? {
        name: freeLabName(list.records(), lab),
        color: freeColor(list.records()),
        addedAtMs: addedNow(session),
      }),
      id,
      provider: 'hubify',
      lab: {
        ...before?.lab,
        id: lab.id,
        slug: lab.slug,
        usesAnnouncedRoutes: before?.lab?.usesAnnouncedRoutes === true,
      },
      keyId,
      baseUrl: baseUrl.href,
      keyEnding: place.keyEnding,
      encryptedKey: place.encryptedKey,
    }
    const saved = session.store.saveAccount(record, null)
    const problem = place.problem ?? (saved.ok ? null : saved.error)
    const account = known ?? list.add(record)
    const details: KeyDetails = {
      host: baseUrl.host,
      keyEnding: place.keyEnding,
      keyStorage: problem === null ? session.keyring.storage : 'session-only',
      ...(problem !== null && { sessionOnlyReason: problem }),
    }
    account.replaceKey(labProvider(account, key, lab), details)
    return account.record().name
  }

  /** The labs of the first key are asked about nowhere. */
  async function mayAddLabs(pasted: PastedKey, labIds: readonly string[]): Promise<Result<boolean, string>> {
    const added = pasted.labs.filter((lab) => labIds.includes(lab.id) && accountOf(pasted, lab) === null)
    if (added.length === 0 || list.records().length === 0) return ok(true)
    return prompts.mayAdd(
      pasted.text.slice(-4),
      pasted.baseUrl.host,
      added.map(({ name }) => name),
    )
  }

  const clearTaken = ({ text, copied, baseUrl }: PastedKey): Promise<void> =>
    clearTakenKey(session, copied, accountIdOf(baseUrl, text))

  async function addLabs(labIds: readonly string[]): Promise<Result<readonly string[], string>> {
    const pasted = offered
    offered = null
    if (labIds.length === 0) return ok([])
    if (pasted === null) return fail(sessionText.keyNotKept)
    list.stored()
    const chosen = pasted.labs.filter(({ id }) => labIds.includes(id))
    const newCount = chosen.filter((lab) => accountOf(pasted, lab) === null).length
    if (list.records().length + newCount > MAX_ACCOUNTS) {
      offered = pasted
      return fail(sessionText.tooManyLabs)
    }
    const names: string[] = []
    for (const lab of chosen) names.push(await connect(pasted, lab))
    await clearTaken(pasted)
    await context.leaveDemo()
    context.onChange()
    return ok(names)
  }

  /** Each account that had the same key gets the new one, as far as the new one sees its lab. */
  async function replace(pasted: PastedKey, accountId: string): Promise<Result<LabKeyReplacement, string>> {
    const record = list.find(accountId)?.record()
    if (record?.lab === undefined) return fail(accountText.notConnected)
    const labOf = (id: string): Lab | undefined =>
      pasted.labs.find((lab) => labAccountId(pasted.baseUrl, lab.id) === id)
    if (labOf(accountId) === undefined)
      return ok({
        kind: 'refused',
        message: sessionText.labNotSeen(record.name, pasted.baseUrl.host),
      })
    const sameKey = list
      .records()
      .filter(
        (other) =>
          other.lab !== undefined && other.baseUrl === record.baseUrl && keyIdOf(other) === keyIdOf(record),
      )
    const names: string[] = []
    for (const { id } of sameKey) {
      const lab = labOf(id)
      if (lab !== undefined) names.push(await connect(pasted, lab))
    }
    await clearTaken(pasted)
    context.onChange()
    const left = sameKey.filter(({ id }) => labOf(id) === undefined).map(({ name }) => name)
    return ok({ kind: 'replaced', names, left, ending: pasted.text.slice(-4) })
  }

  return {
    async pasteLabKey(): Promise<LabKeyResult> {
      offered = null
      const pasted = await readKey()
      if (!pasted.ok) return pasted.error
      offered = pasted.value
      const { text, baseUrl } = pasted.value
      return { kind: 'labs', labs: offer(pasted.value), ending: text.slice(-4), host: baseUrl.host }
    },
    async addLabs(labIds) {
      const pasted = offered
      if (pasted !== null) {
        const mayAdd = await mayAddLabs(pasted, labIds)
        if (!mayAdd.ok || !mayAdd.value) return fail(mayAdd.ok ? sessionText.notAdded : mayAdd.error)
        if (offered !== pasted) return fail(sessionText.keyNotKept)
      }
      return runExclusively(() => addLabs(labIds))
    },
    async replaceLabKey(accountId) {
      if (list.find(accountId)?.record().lab === undefined) return fail(accountText.notConnected)
      const pasted = await readKey()
      return pasted.ok ? runExclusively(() => replace(pasted.value, accountId)) : ok(pasted.error)
    },
  }
}

const NO_LABS: FailedKeyCheck = {
  kind: 'undecided',
  message: noLabsText,
}
