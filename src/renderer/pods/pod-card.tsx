import { memo, useRef } from 'react'
import { formatDuration, formatUsd, formatUsdPerHour } from '../../core/format'
import type { PodId } from '../../core/pod'
import type { PodView } from '../../core/snapshot'
import { useMirror } from '../state/window-context'
import { Icon } from '../ui/icon'
import { Money } from '../ui/money'
import { GpuBars } from './gpu-bars'
import { IdleBar } from './idle-bar'
import { IntentPanel } from './intent-panel'
import { PodButtons } from './pod-buttons'
import { podRemarks, podState } from './pod-words'
import { Sparkline } from './sparkline'
import { storageWords } from './storage-words'
import { useKeptFocus } from './use-kept-focus'

interface PodCardProps {
  readonly podId: PodId
  /** The picture is not of now. */
  readonly isStale: boolean
  /** With a bar for each GPU, and what is at risk. */
  readonly isDetailed: boolean
}

/** One pod. Renders again when its own view changed, and at no other time. */
export const PodCard = memo(function PodCard({ podId, isStale, isDetailed }: PodCardProps) {
  const pod = useMirror(({ podsById }) => podsById.get(podId))
  const ref = useRef<HTMLElement>(null)
  const keptFocus = useKeptFocus(ref)
  if (pod === undefined) return null
  const { tone, word } = podState(pod)
  const headingId = `name-${podId}`
  return (
    <article
      ref={ref}
      id={`pod-${podId}`}
      className={`card ${tone}${isStale ? ' stale' : ''}`}
      aria-labelledby={headingId}
      tabIndex={-1}
      {...keptFocus}
    >
      <header>
        <span className="dot" />
        <h3 id={headingId} title={pod.name}>
          <bdi>{pod.name}</bdi>
        </h3>
        <span className="pill">{word}</span>
      </header>
      <Meta pod={pod} isDetailed={isDetailed} />
      {pod.phase === 'running' && <Figures pod={pod} />}
      {isDetailed && <GpuBars pod={pod} />}
      <Remarks pod={pod} />
      <IdleBar pod={pod} isStale={isStale} />
      <IntentPanel pod={pod} />
      <PodButtons pod={pod} />
    </article>
  )
})

function Meta({ pod, isDetailed }: { readonly pod: PodView; readonly isDetailed: boolean }) {
  const isPriced = pod.phase !== 'running' && pod.phase !== 'stopped' && (pod.costPerHourUsd ?? 0) > 0
  return (
    <div className="meta">
      {pod.hardware !== null && <span>{pod.hardware}</span>}
      {pod.dataCenterId !== null && <span>{pod.dataCenterId}</span>}
      {isDetailed && <Storage pod={pod} />}
      {isPriced && <span>{formatUsdPerHour(pod.costPerHourUsd ?? 0)}</span>}
      {pod.isLocked === true && (
        <span>
          <Icon name="lock" size={12} /> locked, cannot be stopped
        </span>
      )}
    </div>
  )
}

function Storage({ pod }: { readonly pod: PodView }) {
  if (pod.phase === 'terminated') return null
  const { label, isWarning, risk } = storageWords(pod.terminateFate)
  return (
    <span className={isWarning ? 'storage idle' : 'storage'} title={risk}>
      <Icon name={isWarning ? 'warning' : 'disk'} size={13} /> {label}
      <span className="unseen">. {risk}</span>
    </span>
  )
}

function Figures({ pod }: { readonly pod: PodView }) {
  const unit = pod.gpuCount > 0 ? 'GPU' : 'CPU'
  const percent = pod.utilPercent === null ? null : Math.round(pod.utilPercent)
  return (
    <div className="row">
      <div className="util" title={pod.gpuCount > 1 ? 'The busiest GPU' : undefined}>
        <div className={percent === null ? 'big dim' : 'big'}>
          {percent ?? '–'}
          {percent !== null && <small>%</small>}
        </div>
        <div className="cap">
          {unit}
          {percent === null && <span className="unseen"> use not known</span>}
        </div>
      </div>
      <div className="graph">
        <Sparkline podId={pod.id} isIdle={pod.activity.kind === 'idle'} />
      </div>
      <div className="cost">
        <div className="rate">
          {pod.costPerHourUsd === null ? 'no price' : <Money usd={pod.costPerHourUsd} per="hour" />}
        </div>
        <Since pod={pod} />
      </div>
    </div>
  )
}

/** Cost since the start, and the time since. As of the picture, so that an old one does not go on counting. */
function Since({ pod }: { readonly pod: PodView }) {
  const { startedAtMs, costSinceStartUsd } = pod
  const age = useMirror(({ snapshot }) =>
    startedAtMs === null || snapshot === null
      ? null
      : formatDuration((snapshot.pictureAtMs ?? snapshot.atMs) - startedAtMs),
  )
  return (
    <div className="cap" title="Since its start, at the present rate">
      {[costSinceStartUsd === null ? null : formatUsd(costSinceStartUsd), age]
        .filter((word) => word !== null)
        .join(' · ')}
    </div>
  )
}

function Remarks({ pod }: { readonly pod: PodView }) {
  const text = useMirror(({ snapshot }) =>
    podRemarks(pod, snapshot?.pictureAtMs ?? snapshot?.atMs ?? 0).join('\n'),
  )
  if (text === '') return null
  return (
    <div className={pod.phase === 'error' ? 'remarks bad' : 'remarks'}>
      {text.split('\n').map((remark) => (
        <p key={remark}>{remark}</p>
      ))}
    </div>
  )
}
