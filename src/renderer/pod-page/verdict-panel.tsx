import { reportedMetricsText } from '../../core/idle/reported-metrics'
import { managingServiceName } from '../../core/pods/pod'
import type { PodView } from '../../core/view/snapshot'
import type { Settings } from '../../core/settings/settings'
import { Icon } from '../ui/icon'
import { verdictText } from './verdict-text'

interface VerdictPanelProps {
  readonly pod: PodView
  readonly settings: Settings | null
  readonly vcpuCount: number | null
  /** Unix ms. */
  readonly nowMs: number
}

/** The verdict on what the pod does, one line for each condition. */
export function VerdictPanel({ pod, settings, vcpuCount, nowMs }: VerdictPanelProps) {
  if (settings === null || pod.phase !== 'running') return null
  const { title, basis, lines } = verdictText(pod, { ...settings, vcpuCount }, nowMs)
  return (
    <section className="panel verdict" aria-label={title}>
      <header>
        <h2>{title}</h2>
        <span className="end cap">{basis}</span>
      </header>
      <ul>
        {lines.map(({ label, figure, text, isMet }) => (
          <li key={label} className={isMet ? 'met' : 'failed'}>
            <span>{label}</span>
            <b>{figure}</b>
            <span>{text}</span>
            <Icon name={isMet ? 'check' : 'warning'} size={14} />
          </li>
        ))}
      </ul>
      {pod.reportedMetrics && (
        <p className="cap">
          {reportedMetricsText(pod.reportedMetrics, pod.managed ? managingServiceName : 'Runpod')}
        </p>
      )}
    </section>
  )
}
