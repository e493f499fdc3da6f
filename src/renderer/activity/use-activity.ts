import { useCallback, useEffect, useRef, useState } from 'react'
import type { ActivityFilter, ActivityPage, ListedActivity } from '../../core/audit-log/audit-log'
import { fail } from '../../core/base/result'
import { useMirror, useWindow } from '../state/window-context'
import { joined } from './joined-pages'

export interface ShownActivity {
  /** Newest first; null: not read yet. */
  readonly entries: readonly ListedActivity[] | null
  /** Reads the ones before; null: there are none, or they are being read. */
  readonly readEarlier: (() => void) | null
  /** Why the last reading failed. */
  readonly problem: string | null
  readonly readAgain: () => void
}

/** The activity log as far as it was read, for one filter. New entries come by themselves. */
export function useActivity({ kind, podId }: ActivityFilter): ShownActivity {
  const { bridge } = useWindow()
  const lastSeq = useMirror(({ snapshot }) => snapshot?.activity.lastSeq ?? 0)
  const accountId = useMirror(({ snapshot }) => snapshot?.account?.id ?? null)
  /** Of which log, and which part of it, something is known: of another one nothing of it holds. */
  const source = JSON.stringify([accountId, kind, podId])
  const [known, setKnown] = useState<(ActivityPage & { readonly source: string }) | null>(null)
  const [readingBefore, setReadingBefore] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  /** An answer to a question that was asked before the last one is not taken. */
  const asked = useRef(0)

  /** Calls back with the answer, unless something else was asked meanwhile; an error is in words. */
  const ask = useCallback(
    (
      before: number | null,
      take: (page: ActivityPage) => void,
      refuse: (why: string | null) => void,
    ): void => {
      asked.current += 1
      const own = asked.current
      void bridge
        .activity(before, podId, kind)
        .catch(() => fail({ message: 'Podkeeper did not answer.' }))
        .then((answer) => {
          if (own !== asked.current) return
          refuse(answer.ok ? null : answer.error.message)
          if (answer.ok) take(answer.value)
        })
    },
    [bridge, kind, podId],
  )

  useEffect(() => {
    const take = (page: ActivityPage): void =>
      setKnown((shown) => ({ ...joined(page, shown?.source === source ? shown : null), source }))
    ask(null, take, (why) => {
      setProblem(why)
      // Whoever was reading is not heard any more.
      setReadingBefore(null)
    })
    return () => {
      asked.current += 1
    }
  }, [ask, source, lastSeq, tries])

  const shown = known?.source === source ? known : null
  const before = shown?.before ?? null
  const readEarlier = (): void => {
    setReadingBefore(before)
    const take = (page: ActivityPage): void => {
      setReadingBefore(null)
      setKnown({ ...page, entries: [...(shown?.entries ?? []), ...page.entries], source })
    }
    ask(before, take, (why) => {
      setProblem(why)
      setReadingBefore(null)
    })
  }
  return {
    entries: shown?.entries ?? null,
    readEarlier: before === null || before === readingBefore ? null : readEarlier,
    problem,
    readAgain: () => setTries((count) => count + 1),
  }
}
