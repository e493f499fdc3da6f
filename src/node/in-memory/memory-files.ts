import { type AccountRules, type AccountRulesStore, emptyAccountRules } from '../../core/pod-rules/pod-rules'
import { fail, ok } from '../../core/base/result'
import type { AlertHistory, AlertHistoryStore } from '../../core/alerts/alert-history'
import { MAX_ALERT_SEQS, type ReadableAuditLog, sanitizeAuditEntry } from '../../core/audit-log/audit-log'
import { readAuditPage } from '../../core/audit-log/audit-page'
import type { HistoryFiles } from '../../core/history/history-files'

const MAX_ENTRIES = 1_000

/** For the demo, whose pods exist only while it runs. `onRecord`: see `AuditLogOptions`. */
export function createMemoryAuditLog(onRecord = (): void => {}): ReadableAuditLog {
  /** Newest first. The text is what a file would have. */
  let entries: readonly { readonly seq: number; readonly isAlert: boolean; readonly line: string }[] = []
  return {
    record(entry) {
      const seq = (entries[0]?.seq ?? 0) + 1
      const line = JSON.stringify({ seq, ...sanitizeAuditEntry(entry, []) })
      entries = [{ seq, isAlert: entry.kind === 'alert', line }, ...entries].slice(0, MAX_ENTRIES)
      onRecord()
      return ok(undefined)
    },
    page: (before, filter, limit) =>
      readAuditPage(
        (from) => entries.filter(({ seq }) => from === null || seq < from).map(({ line }) => line),
        before,
        filter,
        { entries: limit },
      ),
    view: () => ({
      lastSeq: entries[0]?.seq ?? 0,
      alertSeqs: entries
        .filter(({ isAlert }) => isAlert)
        .slice(0, MAX_ALERT_SEQS)
        .map(({ seq }) => seq),
    }),
  }
}

/** For the demo, whose pods exist only while it runs. */
export function createMemoryAccountRules(): AccountRulesStore {
  const rulesByAccount = new Map<string, AccountRules>()
  const load = (accountId: string): AccountRules => rulesByAccount.get(accountId) ?? emptyAccountRules
  return {
    load,
    update(accountId, change) {
      rulesByAccount.set(accountId, change(load(accountId)))
      return ok(undefined)
    },
  }
}

/**
 * While nothing tells whether an account is an earlier one: rules that are set now could contradict those that the
 * person's answer brings back. So there are none, and nothing is stopped automatically. See
 * docs/product-rules.md#12-unreliable-replies.
 */
export const unansweredAccountRules: AccountRulesStore = {
  load: () => emptyAccountRules,
  update: () => fail('first confirm whether this is the same Runpod account as before'),
}

/** For the demo, whose pods exist only while it runs. */
export function createMemoryAlertHistory(): AlertHistoryStore {
  let history: AlertHistory = {}
  return {
    load: () => history,
    save: (next) => {
      history = next
    },
  }
}

/** For the demo, whose history exists only while it runs. */
export function createMemoryHistoryFiles(): HistoryFiles {
  const files = new Map<string, Uint8Array>()
  return {
    mayWrite: () => true,
    list: () => [...files.keys()],
    read: (name, offset, length) => files.get(name)?.slice(offset, offset + length) ?? null,
    replace: (name, bytes) => void files.set(name, bytes),
    append(name, bytes) {
      const before = files.get(name) ?? new Uint8Array()
      const after = new Uint8Array(before.length + bytes.length)
      after.set(before)
      after.set(bytes, before.length)
      files.set(name, after)
    },
    remove: (name) => void files.delete(name),
    compress: async (bytes) => bytes,
    expand: async (bytes) => bytes,
  }
}
