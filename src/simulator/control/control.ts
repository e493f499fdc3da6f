import { readFault } from './faults'
import type { PodAction } from '../world/pod-life'
import { type PodSpec, runModes } from '../world/pod-spec'
import { json, problem, type Reply } from '../http/reply'
import { isScenario, scenarios } from './scenarios'
import type { Controls } from './controls'

export const CONTROL_PREFIX = '/_simulator/'

export interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly body: string
}

export function answerControl(request: ControlRequest, controls: Controls): Reply {
  const what = request.path.slice(CONTROL_PREFIX.length)
  if (request.method === 'GET' && what === 'requests') return json(controls.requests)
  if (request.method !== 'POST') return problem(404, `no ${request.method} ${request.path}`)
  if (!request.contentType.startsWith('application/json')) return problem(415, 'send application/json')
  try {
    return json(obey(what, JSON.parse(request.body), controls))
  } catch (error) {
    return problem(400, error instanceof Error ? error.message : String(error))
  }
}

function obey(what: string, body: unknown, controls: Controls): unknown {
  const asked = record(body)
  switch (what) {
    case 'fault':
      controls.fault(readFault(asked))
      return {}
    case 'clear':
      controls.clearFaults()
      return {}
    case 'balance':
      controls.balance(finite(asked['usd'], 'usd'))
      return {}
    case 'time':
      controls.timeFactor(finite(asked['factor'], 'factor'))
      return {}
    case 'scenario':
      if (!isScenario(asked['name'])) throw new Error('no such scenario')
      scenarios[asked['name']].run(controls)
      return {}
    case 'pods':
      return { id: changePods(asked, controls) }
    default:
      throw new Error(`nothing is called ${what}`)
  }
}

function changePods(asked: Record<string, unknown>, controls: Controls): string {
  if ('add' in asked) {
    const spec = record(asked['add'])
    if (typeof spec['name'] !== 'string') throw new Error('a pod needs a name')
    checkMode(spec['mode'])
    return controls.addPod(spec as unknown as PodSpec)
  }
  if ('remove' in asked) {
    const id = text(asked['remove'])
    controls.removePod(id)
    return id
  }
  if ('set' in asked) {
    const { id, patch } = record(asked['set'])
    const wanted = record(patch)
    if ('mode' in wanted) checkMode(wanted['mode'])
    controls.setPod(text(id), wanted)
    return text(id)
  }
  const { id, action } = record(asked['act'])
  controls.act(text(id), text(action) as PodAction)
  return text(id)
}

function checkMode(mode: unknown): void {
  if (mode !== 'stopped' && !runModes.some((each) => each === mode)) throw new Error('no such mode')
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('an object is needed')
  return value as Record<string, unknown>
}

function finite(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`${name} must be a number`)
  return value
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a string is needed')
  return value
}
