import { errorText } from '../../core/base/text/error-text'
import { readFault } from './faults'
import type { PodAction } from '../../core/pods/pod'
import { readConditions } from '../world/conditions'
import { type SimulatedPodSpec, runModes } from '../world/pod-spec'
import type { EndpointSpec } from '../world/serverless/endpoints'
import { json, problem, type Reply } from '../http/reply'
import { readBehavior } from './hubify-behavior'
import { isScenario, scenarios } from './scenarios'
import type { Controls, LabControls } from './controls'
import type { ExperimentSpec, SimulatedLabPodSpec, LabSpec } from '../labs/lab-spec'

export const CONTROL_PREFIX = '/_simulator/'

export interface ControlRequest {
  readonly method: string
  readonly path: string
  readonly contentType: string
  readonly body: string
}

export function answerControl(request: ControlRequest, controls: Controls): Reply {
  const command = request.path.slice(CONTROL_PREFIX.length)
  if (request.method === 'GET' && command === 'requests') return json(controls.requests)
  if (request.method !== 'POST') return problem(404, `no ${request.method} ${request.path}`)
  if (!request.contentType.startsWith('application/json')) return problem(415, 'send application/json')
  try {
    return json(applyControl(command, JSON.parse(request.body), controls))
  } catch (error) {
    return problem(400, errorText(error))
  }
}

function applyControl(command: string, body: unknown, controls: Controls): unknown {
  const request = requireObject(body)
  switch (command) {
    case 'fault':
      controls.fault(readFault(request))
      return {}
    case 'clear':
      controls.clearFaults()
      return {}
    case 'balance':
      controls.balance(requireNumber(request['usd'], 'usd'))
      return {}
    case 'conditions':
      controls.conditions(readConditions(request))
      return {}
    case 'time':
      controls.timeFactor(requireNumber(request['factor'], 'factor'))
      return {}
    case 'scenario':
      if (!isScenario(request['name'])) throw new Error('no such scenario')
      scenarios[request['name']].run(controls)
      return {}
    case 'labs':
      return changeLabs(request, controls.labs)
    case 'endpoints':
      changeEndpoints(request, controls)
      return {}
    case 'pods':
      return { id: changePods(request, controls) }
    default:
      throw new Error(`nothing is called ${command}`)
  }
}

function changePods(request: Record<string, unknown>, controls: Controls): string {
  if ('add' in request) {
    const spec = requireObject(request['add'])
    if (typeof spec['name'] !== 'string') throw new Error('a pod needs a name')
    checkMode(spec['mode'])
    return controls.addPod(spec as unknown as SimulatedPodSpec)
  }
  if ('remove' in request) {
    const id = requireText(request['remove'])
    controls.removePod(id)
    return id
  }
  if ('set' in request) {
    const { id, patch } = requireObject(request['set'])
    const podPatch = requireObject(patch)
    if ('mode' in podPatch) checkMode(podPatch['mode'])
    controls.setPod(requireText(id), podPatch)
    return requireText(id)
  }
  const { id, action } = requireObject(request['act'])
  controls.act(requireText(id), requireText(action) as PodAction)
  return requireText(id)
}

function changeEndpoints(request: Record<string, unknown>, controls: Controls): void {
  if ('add' in request) {
    const spec = requireObject(request['add'])
    requireText(spec['id'])
    controls.addEndpoint(spec as unknown as EndpointSpec)
  } else if ('remove' in request) controls.removeEndpoint(requireText(request['remove']))
  else {
    const { id, patch } = requireObject(request['set'])
    controls.setEndpoint(requireText(id), requireObject(patch))
  }
}

function changeLabs(request: Record<string, unknown>, labs: LabControls): unknown {
  if ('behavior' in request) labs.behave(readBehavior(request['behavior']))
  else if ('add' in request) {
    const spec = requireObject(request['add'])
    requireText(spec['id'])
    requireText(spec['slug'])
    labs.add(spec as unknown as LabSpec)
  } else if ('addPod' in request) {
    const { labId, pod } = requireObject(request['addPod'])
    return labs.addPod(requireText(labId), requireLabPod(pod))
  } else if ('setPod' in request) {
    const { id, patch } = requireObject(request['setPod'])
    labs.setPod(requireText(id), requireObject(patch))
  } else {
    const { labId, experiment } = requireObject(request['addExperiment'])
    const spec = requireObject(experiment)
    requireText(spec['title'])
    requireText(spec['status'])
    labs.addExperiment(requireText(labId), spec as unknown as ExperimentSpec)
  }
  return {}
}

function requireLabPod(value: unknown): SimulatedLabPodSpec {
  const spec = requireObject(value)
  if ('existing' in spec) requireText(spec['existing'])
  else {
    const pod = requireObject(spec['pod'])
    requireText(pod['name'])
    checkMode(pod['mode'])
  }
  return spec as unknown as SimulatedLabPodSpec
}

function checkMode(mode: unknown): void {
  if (mode !== 'stopped' && !runModes.some((each) => each === mode)) throw new Error('no such mode')
}

function requireObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('an object is needed')
  return value as Record<string, unknown>
}

function requireNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`${name} must be a number`)
  return value
}

function requireText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a string is needed')
  return value
}
