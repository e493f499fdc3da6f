import type { AuditEntry } from '../audit-log/audit-log'
import { appEntry } from '../audit-log/audit-text'
import { formatDate, formatMoment, formatUsdPerHour } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import { DAY_MS } from '../base/time/time'
import type { ConfirmationLine } from '../confirmation/confirmation'
import type { Question } from '../confirmation/question-queue'
import type { ApiToken } from './api-token'

/* What the app's own window asks and shows about tokens. See docs/product-rules.md#164-in-the-app. */

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })

export type NewToken = Omit<ApiToken, 'id' | 'hash' | 'earlier'>

/** `accountNames`: null: all accounts. */
export function newTokenQuestion(token: NewToken, accountNames: readonly string[] | null): Question {
  return {
    text: {
      title: `Create the token “${token.name}”?`,
      lines: tokenLines(token, accountNames),
      warning: null,
      field: null,
      confirmLabel: 'Create token',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

function tokenLines(
  { scopes, maxHourlyUsd, createdAtMs, expiresAtMs }: NewToken,
  accountNames: readonly string[] | null,
): readonly ConfirmationLine[] {
  const writes = scopes.includes('pods:write')
  const prices =
    maxHourlyUsd === null
      ? bad('It creates pods at any price that its request allows.')
      : plain(`It creates pods of up to ${formatUsdPerHour(maxHourlyUsd)} each.`)
  return [
    ...(writes
      ? [
          bad(
            'Whoever has it can start, stop and create pods, and run commands on them as jobs, without you.',
          ),
          prices,
        ]
      : scopes.includes('pods:operate')
        ? [bad('Whoever has it can stop pods and keep them running, without you.')]
        : []),
    ...(scopes.includes('pods:terminate')
      ? [plain('It can ask to terminate pods. You confirm each one here.')]
      : []),
    accountNames === null
      ? plain('For all accounts, including those that you add later')
      : plain(`For ${accountNames.map(plainText).join(', ')} only`),
    expiresAtMs === null
      ? bad('It never expires.')
      : plain(`It expires ${expiryText(expiresAtMs, createdAtMs)}.`),
  ]
}

/** "Tue 2:05 PM" within a few days, otherwise "Nov 3, 2027". */
export const expiryText = (expiresAtMs: number, nowMs: number): string =>
  expiresAtMs - nowMs < 6 * DAY_MS
    ? formatMoment(expiresAtMs, { nowMs })
    : formatDate(expiresAtMs, { day: 'numeric', month: 'short', year: 'numeric' })

/** Shows a new token, which no page ever gets. A yes copies it. */
export function shownTokenQuestion(name: string, token: string): Question {
  return {
    text: {
      title: `The token “${name}” was created`,
      lines: [plain('Copy it now. It is never shown again.')],
      script: token,
      scriptLabel: 'Token',
      warning: null,
      field: null,
      confirmLabel: 'Copy token',
      cancelLabel: 'Close',
      isHarmful: false,
      isDestructive: false,
    },
  }
}

export function revokeTokenQuestion({ name }: Pick<ApiToken, 'name'>): Question {
  return {
    text: {
      title: `Revoke the token “${name}”?`,
      lines: [bad('Programs that use it are refused from now on. This can’t be undone.')],
      warning: null,
      field: null,
      confirmLabel: 'Revoke token',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

export const tokenEvents = ['created', 'revoked', 'rotated', 'changed'] as const
/** What became of a token. */
export type TokenEvent = (typeof tokenEvents)[number]

export function tokenEntry(
  { name, scopes }: Pick<ApiToken, 'name' | 'scopes'>,
  what: TokenEvent,
  atMs: number,
): AuditEntry {
  const text = `The API token “${name}” (${scopes.join(', ')}) was ${what}.`
  return appEntry(`api-token-${what}`, text, 'plain', atMs)
}
