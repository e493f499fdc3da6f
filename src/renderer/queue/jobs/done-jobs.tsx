import '../../ui/styles/data-table.css'
import './jobs-table.css'
import './done-jobs.css'
import { Fragment, useState } from 'react'
import { formatNumber } from '../../../core/base/text/format'
import type { JobView } from '../../../core/queue/queue-view'
import { useSnapshotStore } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Icon, type IconName } from '../../ui/icon'
import { JobLogTail } from './job-log-tail'
import { JobMenu } from './job-menu'
import { JobsSection } from './jobs-section'
import { AcceptedKey, PodMark } from './pod-mark'
import {
  fetchingText,
  costText,
  endedText,
  labelFor,
  labels,
  moreCountText,
  resultText,
  tookText,
} from '../queue-page-text'
import type { JobActions } from './use-job-actions'
import type { JobKeys } from './use-job-keys'

interface DoneJobsProps {
  readonly jobs: readonly JobView[]
  readonly actions: JobActions
  readonly keys: JobKeys
  /** How many there are beside those. */
  readonly allCount: number
  readonly onCount: (count: number) => void
}

const icons: { readonly [state: string]: IconName } = { passed: 'check', failed: 'close', canceled: 'square' }
const tones: { readonly [state: string]: string } = { passed: 'ok-text', failed: 'bad-text' }

/** The jobs that ended, the latest first. */
export function DoneJobs({ jobs, allCount, actions, keys, onCount }: DoneJobsProps) {
  const [openId, setOpenId] = useState<string | null>(null)
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const nextCount = Math.min(allCount, jobs.length * 4)
  return (
    <JobsSection id="queue-done" title={labels.done} note={formatNumber(allCount)}>
      <table className="data-table jobs-table">
        <thead>
          <tr>
            <td className="grip-cell" />
            <th scope="col">{labels.job}</th>
            <th scope="col" className="wide">
              {labels.ranOn}
            </th>
            <th scope="col">{labels.result}</th>
            <th scope="col" className="number wide">
              {labels.took}
            </th>
            <th scope="col" className="number wide">
              {labels.cost}
            </th>
            <th scope="col" className="number wide">
              {labels.ended}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => {
            const { id, state, run, spec, phaseAtMs } = job
            const { word, rest } = resultText(job)
            const isOpen = id === openId
            const toggle = (): void => setOpenId(isOpen ? null : id)
            return (
              <Fragment key={id}>
                <tr
                  data-job={id}
                  tabIndex={keys.tabIndexOf(id)}
                  className={isOpen ? 'open' : undefined}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' || event.target !== event.currentTarget) return
                    event.preventDefault()
                    toggle()
                  }}
                >
                  <td className="grip-cell">
                    <Icon name={icons[state] ?? 'square'} size={14} />
                  </td>
                  <th scope="row">
                    <bdi title={spec.name}>{spec.name}</bdi>
                    <span className="cap small-facts">
                      {tookText(run)} · {costText(run)}
                    </span>
                  </th>
                  <td className="wide">
                    {run !== null && <PodMark podKey={run.podKey} name={run.podName} />}
                  </td>
                  <td className="dim status-cell">
                    <span title={rest}>
                      <b className={tones[state]}>{word}</b>
                      {rest !== '' && `. ${rest}`}
                    </span>
                  </td>
                  <td className="number wide">{tookText(run)}</td>
                  <td className="number wide">{costText(run)}</td>
                  <td className="number wide dim">{endedText(phaseAtMs, nowMs)}</td>
                  <td className="actions-cell">
                    <Button
                      kind="bare"
                      icon={isOpen ? 'up' : 'chevron'}
                      label={detailsLabel(spec.name, isOpen)}
                      onPress={toggle}
                    />
                    <JobMenu job={job} actions={actions} />
                  </td>
                </tr>
                {isOpen && (
                  <tr className="job-details">
                    <td colSpan={8}>
                      <JobDetails job={job} actions={actions} />
                    </td>
                  </tr>
                )}
              </Fragment>
            )
          })}
        </tbody>
      </table>
      {nextCount > jobs.length && (
        <Button onPress={() => onCount(nextCount)}>{moreCountText(nextCount - jobs.length)}</Button>
      )}
    </JobsSection>
  )
}

const detailsLabel = (name: string, isOpen: boolean): string =>
  `${isOpen ? labels.hideDetails : labels.details}: ${name}`

function JobDetails({ job, actions }: { readonly job: JobView; readonly actions: JobActions }) {
  const { run, spec, state, resultsFetched } = job
  const isReadable = useSnapshotStore(
    ({ podsByKey }) => run !== null && podsByKey.get(run.podKey)?.phase === 'running',
  )
  return (
    <div className="job-details-body">
      <span className="cap">{labels.command}</span>
      <pre role="region" aria-label={labelFor.command(spec.name)} tabIndex={0}>
        {spec.command}
      </pre>
      {run !== null && <AcceptedKey run={run} />}
      {run !== null && isReadable && (
        <>
          <span className="cap">{labels.lastLines}</span>
          <JobLogTail job={job} isLive={false} isLong />
        </>
      )}
      <div className="actions">
        {state !== 'passed' && (
          <Button label={labelFor.retry(spec.name)} onPress={() => actions.retry(job)}>
            {labels.retry}
          </Button>
        )}
        {state === 'failed' && run?.isOutOfMemory === true && (
          <Button label={labelFor.retryLarger(spec.name)} onPress={() => actions.retryLarger(job)}>
            {labels.retryLarger}
          </Button>
        )}
        {spec.resultGlobs.length > 0 && run !== null && (
          <Button
            whyNot={resultsFetched === null ? null : fetchingText(resultsFetched)}
            onPress={() => actions.fetchResults(job)}
          >
            {labels.fetch}
          </Button>
        )}
      </div>
    </div>
  )
}
