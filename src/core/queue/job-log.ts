import { cleanText } from '../logs/clean-line'
import type { Pod } from '../pods/pod'
import type { JobHost } from './host/job-host'

const TAIL_BYTES = 4_096
const LAST_LINES = 3
const MAX_LINE_CHARS = 200

/** Text that a job printed, safe to show. A progress bar is shown as it was drawn last. */
export const cleanLog = (text: string): string => text.split('\n').map(cleanText).join('\n')

/** The last lines that a job printed, clean; empty where they can't be read. */
export async function readLastLines(
  host: JobHost,
  pod: Pod,
  runId: string,
  decodeText: (bytes: Uint8Array) => string,
): Promise<string> {
  const size = await host.readLog(pod, runId, 0, 1)
  if (!size.ok) return ''
  const tail = await host.readLog(pod, runId, Math.max(0, size.value.sizeBytes - TAIL_BYTES), TAIL_BYTES)
  if (!tail.ok) return ''
  const lines = cleanLog(decodeText(tail.value.bytes))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  return lines
    .slice(-LAST_LINES)
    .map((line) => (line.length > MAX_LINE_CHARS ? `${line.slice(0, MAX_LINE_CHARS - 1)}…` : line))
    .join('\n')
}
