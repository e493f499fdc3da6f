import type { ListedActivity } from '../../core/audit-log/audit-log'
import { plainText } from '../../core/base/plain-text'
import { entriesFromEnd } from '../../node/data-folder/activity-files'
import { entryJson } from '../output/json'

export interface ActivityOptions {
  /** A pod's id, or its name as it was then; null: of all. */
  readonly pod: string | null
  readonly count: number
  readonly isJson: boolean
}

/** The newest entries of the activity log in `folder`, oldest first, a line each. It is read, whoever writes it. */
export function activityLines(folder: string, { pod, count, isJson }: ActivityOptions): string[] {
  const lines: string[] = []
  for (const entry of entriesFromEnd(folder)) {
    if (pod !== null && entry.podId !== pod && entry.podName !== pod) continue
    lines.push(isJson ? JSON.stringify(entryJson(entry)) : lineOf(entry))
    if (lines.length >= count) break
  }
  return lines.reverse()
}

function lineOf({ atMs, text }: ListedActivity): string {
  const at = new Date(atMs)
  const two = (number: number): string => String(number).padStart(2, '0')
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}  ${plainText(text)}`
}
