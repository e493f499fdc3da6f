import { formatBytes, formatDuration, formatNumber } from '../../../core/base/text/format'
import { displayName } from '../../../core/files/file-name'
import type { Omission } from '../../../core/files/transfer-plan'
import { filesText } from '../../../core/files/progress-text'
import type { TransferSummary } from '../../../ssh/files/transfer'

const MAX_LISTED = 20

/** "Copied 12 files (3.4 GB) in 2 min. 3 files were there already." */
export function copiedText({ copied, same, bytes }: TransferSummary, tookMs: number): string {
  const already = same === 0 ? '' : ` ${filesText(same)} ${same === 1 ? 'was' : 'were'} there already.`
  return `Copied ${filesText(copied)} (${formatBytes(bytes)}) in ${formatDuration(tookMs)}.${already}`
}

/** A line for each file that was not copied, up to a limit. */
export function failedLines(failed: readonly Omission[]): readonly string[] {
  const lines = failed.slice(0, MAX_LISTED).map(({ path, reason }) => `${displayName(path)}: ${reason}`)
  const more = failed.length - lines.length
  if (failed.length === 0) return []
  return [
    `${filesText(failed.length)} not copied:`,
    ...lines,
    ...(more > 0 ? [`and ${formatNumber(more)} more`] : []),
  ]
}

export const copyText = {
  usage: 'Specify what to copy and where: podkeeper cp llama:/workspace/out .',
  badCharacter: 'A path contains a character that paths can’t have.',
  directions:
    'Copy from one pod to this computer, or from this computer to one pod: POD:PATH is a path on a pod.',
  onePod: 'Copy from one pod at a time.',
  noDirect: 'Files need a direct SSH connection, which the pod does not offer.',
  notRunning: (name: string): string => `${name} can’t be reached over SSH now.`,
  untrusted: (query: string): string =>
    `Accept it with podkeeper queue trust ${query}, or in a terminal of the app.`,
  lost: 'The connection was lost. Connecting again…',
  tooLarge: (bytes: number, limit: number): string =>
    `There are ${formatBytes(bytes)} to copy, more than the ${formatBytes(limit)} of --max-size. Nothing was copied.`,
  continues: 'The same command continues from here.',
}

export const listFilesText = {
  usage: 'Specify the pod and the folder: podkeeper ls llama:/workspace',
  /** `hint`: what to do, as a sentence; empty: nothing is known. */
  notReached: (why: string, hint: string): string =>
    `Podkeeper can’t reach the pod’s files: ${why}. ${hint}`.trim(),
  notThere: (path: string): string => `${displayName(path)} isn’t on the pod.`,
  notListed: (path: string, why: string): string => `${displayName(path)} can’t be listed: ${why}.`,
} as const
