import { MINUTE_MS } from '../base/time/time'
import type { Pod } from '../pods/pod'
import type { DoctorLine } from './doctor-line'
import { figuresCheckText } from './doctor-text'
import {
  type ReportedFigure,
  figuresOf,
  missingFields,
  type RawPod,
  type ReportedPods,
  unknownFields,
} from './reported-fields'

/** The longest that an image was seen to be pulled, with a margin. Until then a pod may have no container. */
const LONGEST_START_MS = 30 * MINUTE_MS

type FigureLine = DoctorLine & { readonly id: 'list-figures' | 'pod-figures' }

/** The figures that judge a pod. Ports are no figure: a pod that publishes none has none. */
const judging = (pod: Pod): readonly ReportedFigure[] =>
  pod.gpu === null || pod.gpu.count === 0 ? ['uptime', 'cpu', 'memory'] : ['uptime', 'gpu', 'cpu', 'memory']

/** Which figures a running pod has in the list, and when it is read alone. */
export function figureLines(
  pod: Pod,
  reported: Pick<ReportedPods, 'inList' | 'single'>,
  nowMs: number,
): readonly FigureLine[] {
  const listed = reported.inList().find(({ id }) => id === pod.id)
  const single = reported.single(pod.id)
  const needed = judging(pod)
  const inList = listed === undefined ? null : figuresOf(listed)
  const inPod = single === null ? null : figuresOf(single)
  const isNew = pod.startedAtMs !== null && nowMs - pod.startedAtMs < LONGEST_START_MS
  const lineOf = (id: FigureLine['id'], has: ReadonlySet<ReportedFigure>): FigureLine =>
    has.size === 0 && isNew
      ? { id, verdict: 'not-checked', text: figuresCheckText.noneYet }
      : figureLine(id, has, needed)
  const lines: FigureLine[] = []
  if (inList !== null) {
    const onlyInPod = needed.filter((figure) => inPod?.has(figure) === true && !inList.has(figure))
    const lacking = needed.filter((figure) => !inList.has(figure))
    lines.push(
      onlyInPod.length === 0
        ? lineOf('list-figures', inList)
        : {
            id: 'list-figures',
            verdict: 'warning',
            text: `${figuresCheckText.figures([...inList], lacking)} ${figuresCheckText.onlyInPod(onlyInPod)}`,
          },
    )
  }
  if (inPod !== null) lines.push(lineOf('pod-figures', inPod))
  return lines
}

function figureLine(
  id: FigureLine['id'],
  has: ReadonlySet<ReportedFigure>,
  needed: readonly ReportedFigure[],
): FigureLine {
  const lacking = needed.filter((figure) => !has.has(figure))
  const text = figuresCheckText.figures([...has], lacking)
  if (lacking.length === 0) return { id, verdict: 'ok', text }
  // Without a GPU's own figure, nothing tells whether the pod is idle.
  return lacking.includes('gpu')
    ? { id, verdict: 'problem', text: `${text} ${figuresCheckText.cantJudge}` }
    : { id, verdict: 'warning', text }
}

/** Fields that the document doesn't have, and needed ones that the pods lack. */
export function fieldLines(pods: readonly RawPod[]): readonly DoctorLine[] {
  const unknown = unknownFields(pods)
  const missing = missingFields(pods)
  return [
    unknown.length === 0
      ? { id: 'new-fields', verdict: 'ok', text: figuresCheckText.noNewFields }
      : { id: 'new-fields', verdict: 'warning', text: figuresCheckText.newFields(unknown) },
    missing.length === 0
      ? { id: 'missing-fields', verdict: 'ok', text: figuresCheckText.noneMissing }
      : { id: 'missing-fields', verdict: 'warning', text: figuresCheckText.missing(missing) },
  ]
}
