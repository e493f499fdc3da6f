import './running-jobs.css'
import { useState } from 'react'
import { formatNumber } from '../../../core/base/text/format'
import type { JobView } from '../../../core/queue/queue-view'
import { gpuUsages } from '../../pod-model/gpu-usage'
import { podColor } from '../../pod-model/pod-color'
import { runPodCommand } from '../../pod-model/commands/pod-commands'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { ClockText } from '../../ui/labels/clock-text'
import { JobLogTail } from './job-log-tail'
import { JobsSection } from './jobs-section'
import { AcceptedKey, PodMark } from './pod-mark'
import {
  costAtEndText,
  costText,
  labelFor,
  labels,
  latestEndText,
  percentText,
  progressOf,
  startedText,
} from '../queue-page-text'
import type { JobActions } from './use-job-actions'
import type { JobKeys } from './use-job-keys'

interface RunningJobsProps {
  readonly jobs: readonly JobView[]
  readonly actions: JobActions
  readonly keys: JobKeys
}

export function RunningJobs({ jobs, actions, keys }: RunningJobsProps) {
  return (
    <JobsSection id="queue-running" title={labels.running} note={formatNumber(jobs.length)}>
      <div className="running-jobs">
        {jobs.map((job) => (
          <RunningJob key={job.id} job={job} actions={actions} tabIndex={keys.tabIndexOf(job.id)} />
        ))}
      </div>
    </JobsSection>
  )
}

interface RunningJobProps {
  readonly job: JobView
  readonly actions: JobActions
  readonly tabIndex: 0 | -1
}

function RunningJob({ job, actions, tabIndex }: RunningJobProps) {
  const services = useWindow()
  const [isLong, setLong] = useState(false)
  const { run, spec, isCanceling, isStarting } = job
  const pod = useSnapshotStore(({ podsByKey }) => (run === null ? undefined : podsByKey.get(run.podKey)))
  if (run === null) return null
  const titleId = `job-${job.id}`
  const atEnd = costAtEndText(job)
  const { name } = spec
  return (
    <article
      className={`running-job ${pod === undefined ? 'faded' : podColor(pod)}`}
      data-job={job.id}
      tabIndex={tabIndex}
      aria-labelledby={titleId}
    >
      <header>
        <span className="id-bar" aria-hidden="true" />
        <h3 id={titleId} title={name}>
          <bdi>{name}</bdi>
        </h3>
        <PodMark podKey={run.podKey} name={run.podName} />
        <span className="cap started">
          <ClockText textAt={(nowMs) => startedText(run, nowMs)} />
        </span>
        <ProgressText job={job} />
        <span className="running-actions">
          {pod !== undefined && pod.sshRoute !== null && (
            <Button
              icon="terminal"
              label={labelFor.terminal(pod.name)}
              onPress={() => void runPodCommand(services, pod, { kind: 'terminal' })}
            >
              <span className="roomy">{labels.terminal}</span>
            </Button>
          )}
          <Button
            kind="bare"
            icon="stop"
            label={labelFor.cancel(name)}
            isDisabled={isCanceling}
            onPress={() => actions.cancel(job)}
          >
            {isCanceling ? labels.canceling : labels.cancel}
          </Button>
        </span>
      </header>
      <ProgressBar job={job} />
      <div className="running-body">
        <div className="running-log">
          {isStarting ? (
            <div className="job-log">
              <p className="cap">{labels.noLog}</p>
            </div>
          ) : (
            <JobLogTail job={job} isLive isLong={isLong} />
          )}
          {!isStarting && (
            <Button kind="bare" onPress={() => setLong(!isLong)}>
              {isLong ? labels.hideLog : labels.showLog}
            </Button>
          )}
        </div>
        <div className="running-facts">
          <GpuUse job={job} />
          <dl>
            <dt>{labels.costSoFar}</dt>
            <dd>{costText(run)}</dd>
            {atEnd !== null && (
              <>
                <dt>{labels.costAtEnd}</dt>
                <dd>{atEnd}</dd>
              </>
            )}
            <dt>{labels.maximum}</dt>
            <dd>
              <ClockText textAt={(nowMs) => latestEndText(job, nowMs)} />
            </dd>
          </dl>
        </div>
      </div>
      <AcceptedKey run={run} />
    </article>
  )
}

function ProgressText({ job }: { readonly job: JobView }) {
  return (
    <span className="progress-text">
      <b>
        <ClockText
          textAt={(nowMs) => {
            const { share } = progressOf(job, nowMs)
            return share === null ? '' : percentText(share)
          }}
        />
      </b>{' '}
      <ClockText textAt={(nowMs) => progressOf(job, nowMs).text} />
    </span>
  )
}

/** Empty where the end can't be estimated. */
function ProgressBar({ job }: { readonly job: JobView }) {
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const { share } = progressOf(job, nowMs)
  return (
    <div className="job-progress" aria-hidden="true">
      <span style={{ width: `${(share ?? 0) * 100}%` }} />
    </div>
  )
}

/** One bar for each GPU that the job has. */
function GpuUse({ job: { run } }: { readonly job: JobView }) {
  const pod = useSnapshotStore(({ podsByKey }) => (run === null ? undefined : podsByKey.get(run.podKey)))
  const indexes = run?.gpuIndexes ?? null
  const usages = pod === undefined ? [] : gpuUsages(pod)
  const shown = usages.filter(({ index }) => indexes === null || indexes.includes(index))
  if (shown.length === 0) return null
  return (
    <>
      <span className="cap">{labels.gpuUse}</span>
      <ul className="job-gpus">
        {shown.map(({ index, percent, label }) => (
          <li key={index} title={label}>
            <span className="unseen">{label}</span>
            <span className="track" aria-hidden="true">
              <span className="fill" style={{ width: `${percent ?? 0}%` }} />
            </span>
            <span className="cap" aria-hidden="true">
              {percent === null ? '–' : percentText(percent / 100)}
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
