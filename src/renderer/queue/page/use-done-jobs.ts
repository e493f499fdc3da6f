import { useEffect, useState } from 'react'
import type { DoneJobsPage, JobView, QueueView } from '../../../core/queue/queue-view'
import { answerOf } from '../../state/answer-of'
import { useWindow } from '../../state/window-context'

/** The latest are in every snapshot, without one that an open job depends on. */
export const DONE_AT_FIRST = 20

/** The last answer. */
interface Asked extends DoneJobsPage {
  readonly search: string
}

const isUnfiltered = (search: string): boolean => search.trim() === ''

/** What is shown without an answer, such as until it is here. `recent`: the jobs of the snapshot that match the search. */
export function withoutAnswer(search: string, recent: readonly JobView[], doneCount: number): DoneJobsPage {
  return isUnfiltered(search)
    ? { jobs: recent.slice(0, DONE_AT_FIRST), count: doneCount }
    : { jobs: recent, count: recent.length }
}

/** The first `count` jobs that are over and match a search. `recent`: those of the snapshot that do. */
export function useDoneJobs(
  queue: QueueView,
  recent: readonly JobView[],
  search: string,
  count: number,
): DoneJobsPage {
  const { bridge } = useWindow()
  const [asked, setAsked] = useState<Asked | null>(null)
  const isEnough = isUnfiltered(search) && (count <= DONE_AT_FIRST || queue.doneCount <= DONE_AT_FIRST)
  const changes = `${queue.doneCount} ${recent.map(({ id, phaseAtMs, resultsFetched }) => `${id} ${phaseAtMs} ${resultsFetched}`).join(' ')}`
  useEffect(() => {
    if (isEnough) return
    let isActive = true
    void answerOf(bridge.doneJobs(search, count)).then((answer) => {
      if (isActive && answer.ok) setAsked({ ...answer.value, search })
    })
    return () => void (isActive = false)
  }, [bridge, isEnough, search, count, changes])
  if (!isEnough && asked?.search === search) return asked
  return withoutAnswer(search, recent, queue.doneCount)
}
