import * as v from 'valibot'
import type { DoctorLine } from '../../core/doctor/doctor-line'
import type { AccountId } from '../../core/pods/pod'
import { type AccountRecordChanges, MAX_ACCOUNTS } from '../../core/settings/account-record'
import { accountChangesSchema } from '../../core/settings/account-codec'
import type { KeyStorage } from '../../core/settings/key-storage-text'
import { type ServerPage, type ServerPageKind, serverPages } from '../../core/view/window/server-page'
import { idSchema } from './field-schemas'

/** A key that was not accepted, and why. Texts are for display. */
export type FailedKeyCheck =
  | { readonly kind: 'refused'; readonly message: string }
  /** The clipboard contained nothing that looks like a key. */
  | { readonly kind: 'not-a-key'; readonly message: string }
  /** The key could not be checked: no network, or a proxy's page. */
  | { readonly kind: 'undecided'; readonly message: string }

/** The result of checking a pasted key. */
export type KeyCheckResult =
  | {
      readonly kind: 'accepted'
      readonly podCount: number
      readonly balanceUsd: number | null
      /** The key's last four characters, to recognize it. */
      readonly ending: string
      readonly storage: KeyStorage
      readonly accountId: AccountId
      readonly accountName: string
      /** It is an account that was not watched before. */
      readonly isNew: boolean
    }
  | FailedKeyCheck

/** A lab of a pasted key. */
export interface OfferedLab {
  readonly id: string
  readonly name: string
  readonly slug: string
  /** What the lab's account is called; null: it is none yet. */
  readonly accountName: string | null
  /** Its account is watched or paused, so there is nothing to add. */
  readonly isWatched: boolean
}

/** The result of checking a pasted key of Hubify. */
export type LabKeyResult =
  | {
      readonly kind: 'labs'
      readonly labs: readonly OfferedLab[]
      /** The key's last four characters. */
      readonly ending: string
      readonly host: string
    }
  | FailedKeyCheck

export type LabKeyReplacement =
  | {
      readonly kind: 'replaced'
      /** The accounts that have the new key. */
      readonly names: readonly string[]
      /** Accounts that had the same key before and whose labs the new one does not see. */
      readonly left: readonly string[]
      /** The key's last four characters. */
      readonly ending: string
    }
  | FailedKeyCheck

/** A check of an account that runs, or its last result. */
export interface AccountCheckView {
  readonly accountId: AccountId
  readonly isRunning: boolean
  /** What takes minutes now, as a sentence without a full stop; null: nothing does. */
  readonly progress: string | null
  /** The answers so far, in the order in which they came. */
  readonly lines: readonly DoctorLine[]
}

export interface AccountEvents {
  /** A check of an account found something, or ended. */
  accountCheck: AccountCheckView
}

/** The part of the contract for accounts and their keys. */
export interface AccountRequests {
  /**
   * Main reads a key from the clipboard, checks it, and stores it if it is accepted: for its account, or as a new one.
   * The app's own window asks first where the key would go to another host than Runpod's.
   */
  pasteKey: () => KeyCheckResult
  /** The same with a key of Hubify, whose labs are listed. Nothing is stored before `addLabs`. */
  pasteLabKey: () => LabKeyResult
  /** Adds these labs of the key that was pasted last, and returns the names of their accounts. None: forget the key. */
  addLabs: (labIds: readonly string[]) => readonly string[]
  /** Reads another key of a lab's account from the clipboard. All accounts with the old key get it that it is for. */
  replaceLabKey: (accountId: AccountId) => LabKeyReplacement
  /** Asks the provider what the account's key may read. Changes nothing. */
  testKey: (accountId: AccountId) => KeyCheckResult
  /**
   * Checks the account and this computer, and changes nothing; `accountCheck` events carry the answers. One that runs
   * goes on. See docs/product-rules.md#123-checking-an-account.
   */
  startAccountCheck: (accountId: AccountId) => void
  /** Ends the check: its long part at once, the rest with the request that is on its way. */
  cancelAccountCheck: (accountId: AccountId) => void
  /** Changes name, color, pause or budgets of an account, or whether a lab uses announced routes. */
  changeAccount: (accountId: AccountId, changes: AccountRecordChanges) => void
  /** Accounts that are missing come last. */
  orderAccounts: (accountIds: readonly AccountId[]) => void
  /**
   * Removes the account and erases its key once that was confirmed in the app's own window. False: the user refused.
   */
  removeAccount: (accountId: AccountId) => boolean
  /**
   * Says whether the watched account is that of an earlier key (`AccountView.earlierKeyEnding`), once that was
   * confirmed in the app's own window. False: it was not.
   */
  answerAccountQuestion: (accountId: AccountId, isSameAccount: boolean) => boolean
  /**
   * Lets a server keep the account: its address and a token are typed in the app's own window, and a certificate is
   * chosen where it isn't trusted. False: the user canceled. See docs/product-rules.md#166-kept-by-a-server.
   */
  connectServer: (accountId: AccountId) => boolean
  /** Reads what the server that keeps the account has in its queue, or did. Reports why where it can't be read. */
  serverPage: (accountId: AccountId, kind: ServerPageKind) => ServerPage
  /** Ends that, once it was confirmed in the app's own window. False: it was not. */
  disconnectServer: (accountId: AccountId) => boolean
  /** Asks the system keyring again for the stored keys. */
  retryKeyring: () => void
}

export const accountRequestSchemas = {
  pasteKey: v.tuple([]),
  pasteLabKey: v.tuple([]),
  addLabs: v.tuple([v.pipe(v.array(idSchema), v.maxLength(MAX_ACCOUNTS))]),
  replaceLabKey: v.tuple([idSchema]),
  testKey: v.tuple([idSchema]),
  startAccountCheck: v.tuple([idSchema]),
  cancelAccountCheck: v.tuple([idSchema]),
  changeAccount: v.tuple([idSchema, accountChangesSchema]),
  orderAccounts: v.tuple([v.pipe(v.array(idSchema), v.maxLength(MAX_ACCOUNTS))]),
  removeAccount: v.tuple([idSchema]),
  answerAccountQuestion: v.tuple([idSchema, v.boolean()]),
  connectServer: v.tuple([idSchema]),
  serverPage: v.tuple([idSchema, v.picklist(serverPages)]),
  disconnectServer: v.tuple([idSchema]),
  retryKeyring: v.tuple([]),
} satisfies { [K in keyof AccountRequests]: v.GenericSchema<unknown, Parameters<AccountRequests[K]>> }
