import { formatGb } from '../../base/text/format'
import { plainText } from '../../base/text/plain-text'
import type { JobNeeds } from './job-spec'

/** "2 × H100, 80 GB", "Any pod with a GPU": what a job needs of a pod, without its account. */
export function needsText({ gpuType, gpuCount, gpuMemoryGb, label }: JobNeeds): string {
  const parts = [
    gpuCount === 0 && gpuType === null
      ? 'any pod'
      : `${Math.max(1, gpuCount)}${gpuType === null ? ` GPU${gpuCount > 1 ? 's' : ''}` : ` × ${plainText(gpuType)}`}`,
    ...(gpuMemoryGb === null ? [] : [formatGb(gpuMemoryGb)]),
    ...(label === null ? [] : [`name contains ${plainText(label)}`]),
  ]
  const text = parts.join(', ')
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
