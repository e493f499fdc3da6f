import type { PodView } from '../../../core/view/snapshot'
import { gpuUsages } from '../../pod-model/gpu-usage'

/** One usage bar per GPU; only for pods with several GPUs. */
export function GpuBars({ pod }: { readonly pod: PodView }) {
  const usages = gpuUsages(pod)
  if (usages.length < 2) return null
  return (
    <ul className="gpus" aria-label={`Use of its ${usages.length} GPUs`}>
      {usages.map(({ index, percent, label }) => (
        <li key={index} title={label}>
          <span className="unseen">{label}</span>
          <span className="track" aria-hidden="true">
            <span className="fill" style={{ width: `${percent ?? 0}%` }} />
          </span>
          <span className="cap" aria-hidden="true">
            {percent === null ? '–' : percent}
          </span>
        </li>
      ))}
    </ul>
  )
}
