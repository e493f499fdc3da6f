import type { PodView } from '../../../core/view/snapshot'
import { gpuUsages } from '../../pod-model/gpu-usage'
import { cardText } from './card-text'

/** GPUs whose use differs by less than this many points are alike. */
const ALIKE_POINTS = 10

/** One usage bar per GPU, for pods with several; with figures where they differ. */
export function GpuBars({ pod }: { readonly pod: PodView }) {
  const usages = gpuUsages(pod)
  if (usages.length < 2) return null
  const percents = usages.map(({ percent }) => percent)
  const known = percents.filter((percent) => percent !== null)
  const areAlike = known.length === percents.length && Math.max(...known) - Math.min(...known) < ALIKE_POINTS
  return (
    <ul className="gpus" aria-label={cardText.utilization(usages.length)}>
      {usages.map(({ index, percent, label }) => (
        <li key={index} title={label}>
          <span className="unseen">{label}</span>
          <span className="track" aria-hidden="true">
            <span className="fill" style={{ width: `${percent ?? 0}%` }} />
          </span>
          {/* Its place stays, so that no card changes its height when the figures come and go. */}
          <span className={areAlike ? 'cap alike' : 'cap'} aria-hidden="true">
            {percent === null ? '–' : percent}
          </span>
        </li>
      ))}
    </ul>
  )
}
