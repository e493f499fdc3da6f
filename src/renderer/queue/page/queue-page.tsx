import './queue.css'
import { useRef, useState } from 'react'
import { episodeName } from '../../../core/idle/activity'
import type { ScheduleRules } from '../../../core/queue/jobs/job-codec'
import type { QueueView } from '../../../core/queue/queue-view'
import type { Proposal } from '../../../core/queue/schedule/schedule'
import type { PodView } from '../../../core/view/snapshot'
import { isSetUp } from '../../state/account-parts'
import { jobOf, useQueue } from '../../state/hooks/use-queue'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { BlankSlate } from '../../ui/blank-slate'
import { Button } from '../../ui/button'
import { FilterButtons } from '../../ui/controls/filter-buttons'
import { SearchBox } from '../../ui/controls/search-box'
import { KeyHint } from '../../ui/labels/key-hint'
import { ServerNote } from '../../ui/labels/server-note'
import { pageTitles } from '../../ui/ui-text'
import { DoneJobs } from '../jobs/done-jobs'
import { countOf, type JobFilter, jobFilters, type JobLists, toJobLists } from '../job-lists'
import { LabExperiments } from './lab-experiments'
import { ScheduleMenu } from './schedule-menu'
import { queueNotChanged } from '../../pod-model/text/job-text'
import { Icon } from '../../ui/icon'
import { emptyText, filterLabels, labels, pausedText, suggestionText } from '../queue-page-text'
import { RunningJobs } from '../jobs/running-jobs'
import { type JobActions, useJobActions } from '../jobs/use-job-actions'
import { DONE_AT_FIRST, useDoneJobs } from './use-done-jobs'
import { useJobKeys } from '../jobs/use-job-keys'
import { WaitingJobs } from '../jobs/waiting-jobs'

/** Idle episodes for which a person said "not now", as long as the window lives. */
const dismissed = new Set<string>()

/** The jobs that run, wait and ended, of all accounts. See docs/product-rules.md#15-queue-of-experiments. */
export function QueuePage() {
  const queue = useQueue()
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  if (queue !== null && (isConnected || queue.jobs.length > 0)) return <Queue queue={queue} />
  const { title, body } = emptyText.noAccount
  return (
    <section className="page queue-page" aria-label={pageTitles.queue}>
      <h1 className="unseen">{pageTitles.queue}</h1>
      <BlankSlate icon="queue" title={title}>
        {body}
      </BlankSlate>
    </section>
  )
}

function Queue({ queue }: { readonly queue: QueueView }) {
  const { snapshotStore } = useWindow()
  const [filter, setFilter] = useState<JobFilter>('all')
  const [search, setSearch] = useState('')
  const [doneCount, setDoneCount] = useState(DONE_AT_FIRST)
  const [dismissals, setDismissals] = useState(0)
  const [announcement, setAnnouncement] = useState('')
  const actions = useJobActions()
  const page = useRef<HTMLElement>(null)
  const lists = toJobLists(queue.jobs, search)
  const doneJobs = useDoneJobs(queue, lists.done, search, doneCount)
  const isShown = (list: keyof JobLists): boolean => filter === 'all' || filter === list
  const of = (list: 'running' | 'waiting') => (isShown(list) ? lists[list] : [])
  const [running, waiting] = [of('running'), of('waiting')]
  const done = isShown('done') ? doneJobs.jobs : []
  const shownIds = [...running, ...waiting, ...done].map(({ id }) => id)
  const keys = useJobKeys(page, shownIds.join(' '))
  const experiments = filter === 'all' && search === '' ? queue.experiments : []
  const newJob = () => snapshotStore.openDialog({ kind: 'job', jobId: null })
  const isEmpty = queue.jobs.length === 0
  return (
    <section className="page queue-page" aria-label={pageTitles.queue} ref={page} {...keys.handlers}>
      <h1 className="unseen">{pageTitles.queue}</h1>
      <ServerNote what="queue" />
      <div className="tools sticky-tools">
        {!isEmpty && (
          <>
            <SearchBox
              label={labels.searchJobs}
              placeholder={labels.filter}
              value={search}
              onChange={setSearch}
            />
            <FilterButtons
              label={labels.show}
              options={jobFilters.map((id) => ({
                id,
                label: filterLabels[id],
                count: countOf(lists, id, doneJobs.count),
              }))}
              chosen={filter}
              onChoose={setFilter}
            />
          </>
        )}
        <QueueTools rules={queue.rules} onNewJob={isEmpty ? null : newJob} />
      </div>
      {queue.readOnlyReason !== null && (
        <div className="message mute" role="status">
          <span className="words">{queue.readOnlyReason}</span>
        </div>
      )}
      {queue.rules.isPaused ? (
        <PausedMessage queue={queue} />
      ) : (
        <SuggestionBanner actions={actions} onDismiss={() => setDismissals(dismissals + 1)} />
      )}
      {running.length > 0 && <RunningJobs jobs={running} actions={actions} keys={keys} />}
      {waiting.length > 0 && (
        <WaitingJobs
          jobs={waiting}
          actions={actions}
          keys={keys}
          canMove={search === ''}
          announce={setAnnouncement}
        />
      )}
      {experiments.length > 0 && <LabExperiments experiments={experiments} />}
      {done.length > 0 && (
        <DoneJobs
          jobs={done}
          allCount={doneJobs.count}
          actions={actions}
          keys={keys}
          onCount={setDoneCount}
        />
      )}
      {shownIds.length + experiments.length === 0 && <NoJobs onNewJob={isEmpty ? newJob : null} />}
      <div className="unseen" role="status">
        {announcement}
      </div>
    </section>
  )
}

interface QueueToolsProps {
  readonly rules: ScheduleRules
  /** Null: no button, since the empty page has one. */
  readonly onNewJob: (() => void) | null
}

function QueueTools({ rules, onNewJob }: QueueToolsProps) {
  return (
    <div className="end">
      <ScheduleMenu rules={rules} />
      {onNewJob !== null && (
        <Button icon="plus" label={labels.newJob} onPress={onNewJob}>
          <span className="button-word">
            {labels.newJob} <KeyHint name="N" />
          </span>
        </Button>
      )}
    </div>
  )
}

/** Why no job is shown. `onNewJob`: null where there are jobs that a filter hides. */
function NoJobs({ onNewJob }: { readonly onNewJob: (() => void) | null }) {
  if (onNewJob === null)
    return (
      <BlankSlate icon="queue" title={emptyText.noMatch.title}>
        {emptyText.noMatch.body}
      </BlankSlate>
    )
  return (
    <BlankSlate
      icon="queue"
      title={emptyText.empty.title}
      actions={
        <Button kind="primary" onPress={onNewJob}>
          {labels.newJob}
        </Button>
      }
    >
      {emptyText.empty.body}
    </BlankSlate>
  )
}

function PausedMessage({ queue: { rules } }: { readonly queue: QueueView }) {
  const { bridge, snapshotStore } = useWindow()
  const resume = () =>
    void snapshotStore.runRequest(queueNotChanged, bridge.setSchedule({ ...rules, isPaused: false }))
  return (
    <div className="message mute" role="status">
      <span className="words">{pausedText}</span>
      <Button onPress={resume}>{labels.resume}</Button>
    </div>
  )
}

const episodeOf = ({ key, activity }: PodView): string =>
  `${key} ${activity.kind === 'idle' ? episodeName(activity) : ''}`

interface SuggestionBannerProps {
  readonly actions: JobActions
  /** Called to be drawn again. */
  readonly onDismiss: () => void
}

/** The idle pod that costs most, and the job that it could run. At most one, and once for an episode. */
function SuggestionBanner({ actions, onDismiss }: SuggestionBannerProps) {
  const queue = useQueue()
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const countdowns = new Set(queue?.countdowns.map(({ podKey }) => podKey))
  const found = (queue?.suggestions ?? []).flatMap(({ podKey, jobId }: Proposal) => {
    const pod = podsByKey.get(podKey)
    const job = jobOf(queue, jobId)
    const isShown = pod !== undefined && job !== undefined && !countdowns.has(podKey)
    return isShown && !dismissed.has(episodeOf(pod)) ? [{ pod, job }] : []
  })[0]
  if (found === undefined) return null
  const { pod, job } = found
  const { fact, offer } = suggestionText(pod, job)
  return (
    <div className="job-suggestion" role="group" aria-label={fact}>
      <Icon name="moon" size={14} />
      <p>
        <b>{fact}</b> {offer}
      </p>
      <Button kind="primary" onPress={() => actions.run(job, pod.key)}>
        {labels.runThere}
      </Button>
      <Button
        kind="bare"
        onPress={() => {
          dismissed.add(episodeOf(pod))
          onDismiss()
        }}
      >
        {labels.notNow}
      </Button>
    </div>
  )
}
