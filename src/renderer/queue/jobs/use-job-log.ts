import { useEffect, useState } from 'react'
import { SECOND_MS } from '../../../core/base/time/time'
import type { LogText } from '../../../core/queue/job-log'
import { refreshWhileVisible } from '../../state/hooks/refresh-while-visible'
import { requestText } from '../../state/state-text'
import { useWindow } from '../../state/window-context'

const POLL_MS = 5 * SECOND_MS
/** What a program printed before is left out. */
const TAIL_BYTES = 16 * 1_024
const MAX_LINES = 200

export interface JobLogTail {
  /** The last lines, clean; null: nothing was read yet. */
  readonly lines: readonly string[] | null
  /** Why it can't be read now, as a sentence; null: it can. */
  readonly problem: string | null
}

const NONE: JobLogTail = { lines: null, problem: null }

/** The end of what a job prints. `isLive`: reads on. `runKey` names the run: another one has another log. */
export function useJobLog(jobId: string, runKey: string, isLive: boolean): JobLogTail {
  const { bridge } = useWindow()
  const [tail, setTail] = useState(NONE)
  useEffect(() => {
    let isActive = true
    let isReading = false
    let nextByte: number | null = null
    let text = ''

    async function read(mayJump: boolean): Promise<void> {
      const from = nextByte ?? 0
      const piece = await bridge.jobLog(jobId, from).catch(() => null)
      if (!isActive) return
      if (piece === null || !piece.ok) {
        const problem = piece === null ? requestText.noResponse : piece.error.message
        setTail(({ lines }) => ({ lines, problem }))
        return
      }
      const { sizeBytes } = piece.value
      const isFar = sizeBytes - piece.value.nextByte > TAIL_BYTES
      if (isFar && mayJump) {
        // Far behind, such as at first: the next piece starts near the end, within a line.
        nextByte = sizeBytes - TAIL_BYTES
        text = CUT
        return read(false)
      }
      nextByte = piece.value.nextByte
      const next = withPiece(text, piece.value)
      text = next.text
      setTail({ lines: next.lines, problem: null })
    }

    async function readNext(): Promise<void> {
      if (isReading) return
      isReading = true
      await read(true)
      isReading = false
    }

    void readNext()
    const endRefresh = isLive ? refreshWhileVisible(POLL_MS, () => void readNext()) : () => {}
    return () => {
      isActive = false
      endRefresh()
    }
  }, [bridge, jobId, runKey, isLive])
  return tail
}

/** Stands for what is before the first whole line. */
export const CUT = '\u0000'

/** The text up to where the next piece starts, with what is shown of it and of an unfinished line after it. */
export function withPiece(
  before: string,
  piece: Pick<LogText, 'text' | 'unfinishedLine'>,
): { readonly text: string; readonly lines: readonly string[] } {
  const text = lastLines(`${before}${piece.text}`).join('\n')
  return { text, lines: shownLines(lastLines(`${text}${piece.unfinishedLine}`)) }
}

const lastLines = (text: string): readonly string[] => text.split('\n').slice(-MAX_LINES - 1)

/** The lines without an empty one at the end, and without a first one that is cut, unless it is the only one. */
function shownLines(lines: readonly string[]): readonly string[] {
  const started = lines.at(-1) === '' ? lines.slice(0, -1) : lines
  const [first = '', ...others] = started
  if (!first.startsWith(CUT)) return started
  return others.length > 0 || first === CUT ? others : [first.slice(CUT.length)]
}
