import { secretNameIn } from '../../core/creation/create-plan'
import type { Pod } from '../../core/pods/pod'
import type { Environment } from '../../core/pods/pod-request'
import { requestSizeProblem } from '../../core/pods/request-size'
import type { Provider, ProviderError } from '../../core/pods/provider'
import { fail, ok, type Result } from '../../core/base/result'
import { SECOND_MS } from '../../core/base/time/time'
import { localError } from '../http/local-error'
import { apiErrorText, type ResponseError } from '../http/response'
import { hideEnvironment } from '../wire/hide-environment'
import { isPodId } from '../wire/wire-values'
import type { RunpodClient } from './client'
import { isNoCapacityText } from './no-capacity'
import { parsePodConfiguration } from './parse/parse-configuration'
import { parsePod } from './parse/parse-pod'
import { createBody, updateBody } from './pod-bodies'

/** Finding a machine takes longer than other requests, and giving up early would leave open whether one was found. */
const CREATE_DEADLINE_MS = 60 * SECOND_MS

const NO_CAPACITY = 'There are no longer any instances available with the requested specifications.'
const noPodId = localError('invalid', 'This is not the id of a pod.')

/** The requests that create, change and copy pods. */
export function createPodWrites(
  client: RunpodClient,
): Required<Pick<Provider, 'createPod' | 'updatePod' | 'readPodConfiguration'>> {
  return {
    async createPod(request) {
      const body = createBody(request)
      const tooLong = requestSizeProblem(body)
      if (tooLong !== null) return fail(localError('invalid', tooLong))
      const answer = await client.send('POST', '/pods', body, {
        maxMs: CREATE_DEADLINE_MS,
        readError: readCreateError(request.environment),
      })
      return toPodOfReply(answer, ({ name }) => name === request.name)
    },
    async updatePod(id, changes) {
      if (!isPodId(id)) return fail(noPodId)
      const body = updateBody(changes)
      const tooLong = requestSizeProblem(body)
      if (tooLong !== null) return fail(localError('invalid', tooLong))
      const answer = await client.send('PATCH', `/pods/${encodeURIComponent(id)}`, body, {
        readError: hideEnvironment(ownValues(changes.environment ?? {}), 'Runpod refused to change the pod'),
      })
      return toPodOfReply(answer, (pod) => pod.id === id)
    },
    async readPodConfiguration(id) {
      if (!isPodId(id)) return fail(noPodId)
      const answer = await client.getPod(id)
      if (!answer.ok) return answer
      const pod = parsePod(answer.value)
      const configuration = pod?.id === id ? parsePodConfiguration(answer.value, pod) : null
      return configuration === null ? fail(notThePod) : ok(configuration)
    },
  }
}

const notThePod = localError('unreadable', 'The response is not the pod that was asked for.')

/** A reply without a body names no pod. Any other reply than the pod leaves open what was done. */
function toPodOfReply(
  answer: Result<unknown, ProviderError>,
  isAsked: (pod: Pod) => boolean,
): Result<Pod | null, ProviderError> {
  if (!answer.ok) return answer
  if (answer.value === undefined) return ok(null)
  const pod = parsePod(answer.value)
  return pod !== null && isAsked(pod) ? ok(pod) : fail(notThePod)
}

/** Without references to secrets, which are names. */
const ownValues = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => secretNameIn(value) === null))

/** What is free is told apart first: its error must not be hidden because it has a word of the environment in it. */
function readCreateError(environment: Environment) {
  const hide = hideEnvironment(ownValues(environment), 'Runpod refused to create the pod')
  return (status: number, json: unknown): ResponseError | null =>
    status === 400 && isNoCapacityText(apiErrorText(json))
      ? { kind: 'no-capacity', message: NO_CAPACITY }
      : hide(status, json)
}
