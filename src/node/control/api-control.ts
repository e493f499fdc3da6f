import * as v from 'valibot'
import { type ServerLinkChange, serverLinkEvents } from '../../core/audit-log/server-link-audit'
import { type AccountDetails, accountDetailsSchema } from '../../core/pods-api/account-details'
import { type FolderHealth, folderHealthSchema } from '../../core/monitor/folder-health'
import { type ApprovalRequest, approvalRequestSchema } from '../../core/pods-api/access/approval-request'
import { type ApprovalState, approvalStates } from '../../core/pods-api/access/approvals'
import { type RefusedRequests, refusalReasons } from '../../core/pods-api/access/refused-requests'
import { type TokenGuardChange, tokenGuardChanges } from '../../core/pods-api/access/token-pod-changes'
import { TOKEN_NAME, type TokenScope, tokenScopes } from '../../core/pods-api/api-token'
import { type TokenEvent, tokenEvents } from '../../core/pods-api/token-questions'
import { type PodRuleChanges, podRuleChangesSchema } from '../../core/pod-rules/pod-rules'
import type { LabSettings } from '../../core/pods/provider'
import { type PowerAction, powerActions } from '../../core/pods/pod'
import { id, nothing, text } from './control-fields'

/* The part of the control protocol that the Pods API and agents use, in the name of a token, and that about tokens. */

export interface ApiControlRequests {
  /** The account as it was last observed. Causes no poll. */
  accountDetails: () => AccountDetails
  /** How this program is doing. */
  health: () => FolderHealth
  /** Schedules the action, in the name of the token and without time to undo it. Its steps follow as events. */
  actForToken: (podId: string, action: PowerAction, tokenName: string) => void
  /** Changes rules in the name of the token, unless that may lose data. */
  changeRulesForToken: (podId: string, changes: PodRuleChanges, tokenName: string) => void
  /** Changes a guard that a person installed, in the name of the token, unless that may lose data. */
  changeGuardForToken: (podId: string, change: TokenGuardChange, tokenName: string) => void
  /** Writes to the activity log what the token asks for. `text`: a clause to follow "requested". */
  recordRequest: (tokenName: string, text: string, podId: string | null) => void
  /** Writes to the activity log what a command did to a token. */
  recordTokenEvent: (event: TokenEvent, name: string, scopes: readonly TokenScope[]) => void
  /** Writes to the activity log what a command changed at Hubify for a lab. `accountName`: what a person calls it. */
  recordLabChange: (accountId: string, accountName: string, changes: LabSettings) => void
  /** Writes to the activity log that a command connected an account to a server, or disconnected it. */
  recordServerLink: (change: ServerLinkChange) => void
  /** Writes to the activity log that so many requests of the Pods API were refused. */
  recordRefused: (refused: RefusedRequests) => void
  /** Asks a person in the app's own window. False: this program has none. */
  askInWindow: (podId: string, tokenName: string) => boolean
  /**
   * Asks a person to agree to what an agent wants, in the app's own window or by `podkeeper approve`. Replies with an id.
   * `accountName`: what a person calls the account.
   */
  requestApproval: (agent: string, accountName: string, request: ApprovalRequest) => string
  /** What became of it. A yes is used up by this. */
  takeApproval: (agent: string, approvalId: string) => ApprovalState
  /** What agents wait for. */
  approvals: () => readonly ShownApproval[]
  /** The answer of a person. */
  answerApproval: (approvalId: string, isAgreed: boolean) => void
}

/** What a person is asked for an agent, in words. */
export interface ShownApproval {
  readonly id: string
  readonly title: string
  readonly lines: readonly string[]
  /** The command that would run, as it is; null: none. */
  readonly script: string | null
}

const tokenName = v.pipe(v.string(), v.regex(TOKEN_NAME))
const accountName = v.pipe(v.string(), v.minLength(1), v.maxLength(200))
const clause = v.pipe(v.string(), v.minLength(1), v.maxLength(500))

const labChange = v.strictObject({
  idleAlertMinutes: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_440))),
  isAutoScheduled: v.exactOptional(v.boolean()),
})

export const apiRequestSchemas = {
  accountDetails: v.strictTuple([]),
  health: v.strictTuple([]),
  actForToken: v.strictTuple([id, v.picklist(powerActions), tokenName]),
  changeRulesForToken: v.strictTuple([id, podRuleChangesSchema, tokenName]),
  changeGuardForToken: v.strictTuple([id, v.picklist(tokenGuardChanges), tokenName]),
  recordRequest: v.strictTuple([tokenName, clause, v.nullable(id)]),
  recordTokenEvent: v.strictTuple([v.picklist(tokenEvents), tokenName, v.array(v.picklist(tokenScopes))]),
  recordLabChange: v.strictTuple([id, accountName, labChange]),
  recordServerLink: v.strictTuple([
    v.strictObject({
      event: v.picklist(serverLinkEvents),
      account: v.strictObject({ id, name: accountName }),
      serverHost: v.pipe(v.string(), v.minLength(1), v.maxLength(300)),
    }),
  ]),
  recordRefused: v.strictTuple([
    v.strictObject({
      tokenName: v.nullable(tokenName),
      reason: v.picklist(refusalReasons),
      count: v.pipe(v.number(), v.integer(), v.minValue(1)),
    }),
  ]),
  askInWindow: v.strictTuple([id, tokenName]),
  requestApproval: v.strictTuple([tokenName, accountName, approvalRequestSchema]),
  takeApproval: v.strictTuple([tokenName, id]),
  approvals: v.strictTuple([]),
  answerApproval: v.strictTuple([id, v.boolean()]),
} satisfies {
  [K in keyof ApiControlRequests]: v.GenericSchema<unknown, Parameters<ApiControlRequests[K]>>
}

export const apiReplySchemas = {
  accountDetails: accountDetailsSchema,
  health: folderHealthSchema,
  actForToken: nothing,
  changeRulesForToken: nothing,
  changeGuardForToken: nothing,
  recordRequest: nothing,
  recordTokenEvent: nothing,
  recordLabChange: nothing,
  recordServerLink: nothing,
  recordRefused: nothing,
  askInWindow: v.boolean(),
  requestApproval: id,
  takeApproval: v.picklist(approvalStates),
  approvals: v.array(v.object({ id, title: text, lines: v.array(text), script: v.nullable(text) })),
  answerApproval: nothing,
}
