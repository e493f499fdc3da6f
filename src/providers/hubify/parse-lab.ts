import * as v from 'valibot'
import {
  experimentPriorities,
  type LabSettings,
  type LabSpending,
  type QueuedExperiment,
} from '../../core/pods/provider'
import { isObject } from '../../core/base/parse-json'
import { displayText, finiteNumber, isPodId, MAX_NAME_CHARS, parseTime } from '../wire/wire-values'
import { fieldOf, type Fields, readTime, toCamelCase, unwrapObject } from './wire-shape'

/* Parses what Hubify says of labs: the labs of a key, spending, experiments and settings. */

const MAX_MODE_CHARS = 40
/** How many experiments of a queue are kept. */
export const MAX_QUEUED = 100

/** A lab of the key. */
export interface Lab {
  readonly id: string
  /** Empty when missing: the settings of such a lab cannot be addressed. */
  readonly slug: string
  readonly name: string
}

/** One lab of the list; null if it has no usable id. */
export function parseLab(value: unknown): Lab | null {
  if (!isObject(value)) return null
  const lab = toCamelCase(value)
  const id = idOf(lab, ['id', '_id'])
  if (id === null) return null
  const slug = fieldOf(lab, ['slug'])
  const isSlug = typeof slug === 'string' && /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(slug)
  return { id, slug: isSlug ? slug : '', name: textOf(lab, ['name']) ?? (isSlug ? slug : id) }
}

const TOTAL_NAMES =
  'totalUsd totalCostUsd totalCost totalSpendUsd totalSpend total costUsd monthToDateUsd monthUsd'.split(' ')

/** The spending of a lab; null if the reply has nothing of it. */
export function parseSpending(value: unknown): Omit<LabSpending, 'isOfMonth'> | null {
  const reply = unwrapObject(value, 'costs')
  if (reply === null) return null
  const summary = isObject(reply['summary']) ? toCamelCase(reply['summary']) : reply
  const running = [summary['liveRunning'], reply['liveRunning']].find(isObject)
  const totalUsd = amountOf(summary, TOTAL_NAMES)
  const runningUsd = running === undefined ? null : amountOf(toCamelCase(running), ['costUsd'])
  if (summary === reply && totalUsd === null && runningUsd === null) return null
  return { totalUsd, runningUsd }
}

/** One experiment if it is queued; null for any other. */
export function parseQueuedExperiment(value: unknown): QueuedExperiment | null {
  if (!isObject(value)) return null
  const experiment = toCamelCase(value)
  const id = idOf(experiment, ['_id', 'id', 'experimentId'])
  const { status } = experiment
  if (id === null || typeof status !== 'string' || status.toLowerCase() !== 'queued') return null
  const mode = v.safeParse(displayText(MAX_MODE_CHARS), fieldOf(experiment, ['computeMode']))
  return {
    id,
    title: textOf(experiment, ['title', 'name']) ?? id,
    computeMode: mode.success ? mode.output : null,
    priority: experimentPriorities.find((each) => each === experiment['priority']) ?? 'normal',
    createdAtMs: readTime(fieldOf(experiment, ['createdAt', '_creationTime']), parseTime),
  }
}

/** The settings that a reply names; nothing where it names none. */
export function parseSettings(value: unknown): LabSettings {
  const settings = unwrapObject(value, 'settings') ?? {}
  const idleAlertMinutes = amountOf(settings, ['idleAlertMinutes'])
  const isAutoScheduled = settings['autoScheduleEnabled']
  return {
    ...(idleAlertMinutes !== null && { idleAlertMinutes }),
    ...(typeof isAutoScheduled === 'boolean' && { isAutoScheduled }),
  }
}

function idOf(fields: Fields, names: readonly string[]): string | null {
  const id = fieldOf(fields, names)
  return typeof id === 'string' && isPodId(id) ? id : null
}

function textOf(fields: Fields, names: readonly string[]): string | null {
  const read = v.safeParse(displayText(MAX_NAME_CHARS), fieldOf(fields, names))
  return read.success ? read.output : null
}

function amountOf(fields: Fields, names: readonly string[]): number | null {
  const read = v.safeParse(v.pipe(finiteNumber, v.minValue(0)), fieldOf(fields, names))
  return read.success ? read.output : null
}
