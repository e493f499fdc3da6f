import { isObject, parseJson } from '../base/parse-json'
import type { ObservedReply } from '../pods/provider'
import type { FieldRule } from './recording/field-rule'
import { podFields } from './recording/reply-rules'

/** The kinds of figures that a running pod can have. */
export const figureNames = ['uptime', 'gpu', 'cpu', 'memory', 'ports'] as const
export type ReportedFigure = (typeof figureNames)[number]

/** A pod as the API sent it. */
export type RawPod = Readonly<Record<string, unknown>>

/** The pods in the latest successful list, of all its pages, and the latest successful single reads. */
export interface ReportedPods {
  readonly add: (reply: Pick<ObservedReply, 'path' | 'query' | 'status' | 'body'>) => void
  readonly inList: () => readonly RawPod[]
  /** Null: it was not read. */
  readonly single: (podId: string) => RawPod | null
}

export function createReportedPods(): ReportedPods {
  let listed: readonly RawPod[] = []
  const singles = new Map<string, RawPod>()
  return {
    add({ path, query, status, body }) {
      if (status !== 200 || body === null || !/^\/pods(?:\/[^/]+)?$/.test(path)) return
      const json = parseJson(body)
      if (!isObject(json)) return
      if (path !== '/pods') {
        if (typeof json['id'] === 'string') singles.set(json['id'], json)
        return
      }
      const { pods } = json
      if (!Array.isArray(pods)) return
      const isFirstPage = query['cursor'] === undefined
      listed = [...(isFirstPage ? [] : listed), ...pods.filter(isObject)]
    },
    inList: () => listed,
    single: (podId) => singles.get(podId) ?? null,
  }
}

/** The figures that the pod has now. One without any GPU needs no figure of one. */
export function figuresOf({ runtime }: RawPod): ReadonlySet<ReportedFigure> {
  const found = new Set<ReportedFigure>()
  if (!isObject(runtime)) return found
  const { uptime } = runtime
  // Negative: the container is starting, or has ended.
  if (typeof uptime === 'number' && uptime >= 0) found.add('uptime')
  if (hasGpuFigure(runtime['gpus'])) found.add('gpu')
  for (const name of ['cpu', 'memory'] as const) {
    const part = runtime[name]
    if (isObject(part) && isFinite(part['util'])) found.add(name)
  }
  if (Array.isArray(runtime['ports']) && runtime['ports'].length > 0) found.add('ports')
  return found
}

const isFinite = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value)

const hasGpuFigure = (gpus: unknown): boolean =>
  Array.isArray(gpus) && gpus.length > 0 && gpus.every((gpu) => isObject(gpu) && isFinite(gpu['util']))

/** More are of no use to a reader. */
const MAX_FIELDS = 20
const MAX_FIELD_CHARS = 60

/** The paths of fields that the document doesn't have, such as "runtime.disk", without values. */
export function unknownFields(pods: readonly RawPod[]): readonly string[] {
  const found = new Set<string>()
  const visit = (value: unknown, rule: FieldRule, path: string): void => {
    if (Array.isArray(value)) {
      if (rule.kind === 'list') for (const item of value) visit(item, rule.item, path)
      return
    }
    if (!isObject(value) || rule.kind !== 'object') return
    for (const [name, part] of Object.entries(value)) {
      const known = Object.hasOwn(rule.fields, name) ? rule.fields[name] : undefined
      const below = path === '' ? name : `${path}.${name}`
      if (known === undefined) found.add(below.slice(0, MAX_FIELD_CHARS))
      else visit(part, known, below)
    }
  }
  for (const pod of pods) visit(pod, { kind: 'object', fields: podFields }, '')
  return [...found].slice(0, MAX_FIELDS)
}

/** What each pod must have for the app to know its state, its cost and what may be done with it. */
const NEEDED = ['id', 'name', 'status', 'actions', 'cost', 'locked', 'createdAt', 'mounts', 'ssh'] as const

/** The fields that at least one pod lacks. */
export function missingFields(pods: readonly RawPod[]): readonly string[] {
  const missing = NEEDED.filter((name) => pods.some((pod) => pod[name] === undefined))
  const hasNoHardware = pods.some(({ gpu, cpu }) => !isObject(gpu) && !isObject(cpu))
  return [...missing, ...(hasNoHardware ? ['gpu or cpu'] : [])]
}
