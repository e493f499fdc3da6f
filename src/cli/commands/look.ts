import { plainText } from '../../core/base/plain-text'
import type { InsideVerdict } from '../../core/idle/inside-look'
import type { Monitor } from '../../core/monitor-types'
import type { Result } from '../../core/base/result'
import type { PodView } from '../../core/view/snapshot'
import { exitCodes } from '../output/exit'
import { iso, JSON_VERSION } from '../output/json'
import type { CliOutput } from '../output/terminal'
import { findPod } from './find-pod'
import { connectionExit, firstSnapshot } from './first-snapshot'

export interface LookOptions {
  readonly monitor: Monitor
  readonly podQuery: string
  readonly isJson: boolean
  readonly output: CliOutput
}

/** Looks inside a pod and prints what it does; returns the exit code. Throws a `CliExit` without such a pod. */
export async function look({ monitor, podQuery, isJson, output }: LookOptions): Promise<number> {
  const { connection, pods } = await firstSnapshot(monitor)
  const problem = connectionExit(connection)
  if (problem) throw problem
  const pod = findPod(pods, podQuery)
  output.status(`Looking inside ${pod.name} for a minute…`)
  const result = await monitor.lookInside(pod.id)
  output.clearStatus()
  monitor.dispose()
  if (isJson) output.result(lookJson(pod, result))
  else if (result.ok) output.result(lookText(pod, result.value))
  if (!result.ok) output.progress(result.error)
  return result.ok ? exitCodes.ok : exitCodes.failed
}

function lookText({ name }: Pick<PodView, 'name'>, { kind, text }: InsideVerdict): string {
  const state = kind === 'working' ? 'is working' : 'is at rest'
  return plainText(`${name} ${state}: ${text}.`)
}

function lookJson({ id, name }: Pick<PodView, 'id' | 'name'>, result: Result<InsideVerdict, string>): string {
  const found = result.ok
    ? { verdict: result.value.kind, at: iso(result.value.atMs), message: result.value.text }
    : { verdict: null, at: null, message: result.error }
  return JSON.stringify({ version: JSON_VERSION, pod: { id, name }, ...found }, null, 2)
}
