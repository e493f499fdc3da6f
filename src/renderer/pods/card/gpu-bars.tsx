import type { PodView } from '../../../core/view/snapshot'
import { gpuFigures } from '../../pod-model/gpu-figures'

/** One bar for each GPU of a pod that has several. */
export function GpuBars({ pod }: { readonly pod: PodView }) {
  const figures = gpuFigures(pod)
  if (figures.length < 2) return null
  return (
    <ul className="gpus" aria-label={`Use of its ${figures.length} GPUs`}>
      {figures.map(({ index, percent, words }) => (
        <li key={index} title={words}>
          <span className="unseen">{words}</span>
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
