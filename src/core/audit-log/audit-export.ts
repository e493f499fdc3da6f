import { type CsvCell, csvNumber, toCsv } from '../base/text/csv'
import { SECOND_MS } from '../base/time/time'
import type { ListedAuditEntry } from './audit-log'

/** The formats that entries are exported in. */
export const auditExportFormats = ['csv', 'jsonl'] as const
export type AuditExportFormat = (typeof auditExportFormats)[number]

/** An entry with documented fields: docs/cli.md#activity. `accountName`: as it is called now; null: not known. */
export function auditRecord(
  {
    seq,
    atMs,
    accountId,
    podId,
    podName,
    kind,
    what,
    text,
    tone,
    intent,
    createId,
    computer,
  }: ListedAuditEntry,
  accountName: string | null,
) {
  return {
    seq,
    at: new Date(atMs).toISOString(),
    accountId,
    accountName,
    podId,
    pod: podName,
    kind,
    what,
    text,
    tone,
    computer: computer ?? null,
    ...(intent !== undefined && {
      actionId: intent.id,
      action: intent.action,
      requester: intent.requester,
      ...(intent.reason !== undefined && { reason: intent.reason }),
      ...(intent.elapsedMs !== undefined && { elapsedS: intent.elapsedMs / SECOND_MS }),
    }),
    ...(createId !== undefined && { createId }),
  }
}

const COLUMNS = [
  'seq',
  'at',
  'accountId',
  'accountName',
  'podId',
  'pod',
  'kind',
  'what',
  'text',
  'tone',
  'computer',
  'actionId',
  'action',
  'requester',
  'reason',
  'elapsedS',
  'createId',
] as const

/**
 * The entries as CSV (RFC 4180) or as one JSON object a line, in the order of their numbers. `accountNames`: those of
 * the accounts that are known now, by id.
 */
export function auditExport(
  entries: readonly ListedAuditEntry[],
  accountNames: ReadonlyMap<string, string>,
  format: AuditExportFormat,
): string {
  const records = [...entries]
    .sort((a, b) => a.seq - b.seq)
    .map((entry) => auditRecord(entry, accountNames.get(entry.accountId ?? '') ?? null))
  if (format === 'jsonl') return records.map((record) => `${JSON.stringify(record)}\n`).join('')
  return toCsv([COLUMNS, ...records.map((record) => COLUMNS.map((column) => cellOf(record, column)))])
}

function cellOf(record: ReturnType<typeof auditRecord>, column: (typeof COLUMNS)[number]): CsvCell {
  const value = record[column] ?? ''
  return typeof value === 'number' ? csvNumber(value) : value
}
