import { fail, type Result } from '../../core/base/result'
import { type HostRule, parseBaseUrl } from '../http/base-url'

export const RUNPOD_BASE_URL = 'https://api.runpod.io/v2'

const USE = `Use ${RUNPOD_BASE_URL} instead.`

/** Addresses of Runpod that have no API for pods, or no longer. */
const otherHosts: Readonly<Record<string, string>> = {
  'rest.runpod.io': 'rest.runpod.io was Runpod’s REST v1, which has ended.',
  'api.runpod.ai': 'api.runpod.ai runs serverless jobs and has no pods.',
  'console.runpod.io': 'console.runpod.io is a web page for people.',
  'www.runpod.io': 'www.runpod.io is a web page for people.',
  'runpod.io': 'runpod.io is a web page for people.',
  'docs.runpod.io': 'docs.runpod.io is a web page for people.',
}

/** Parses the address of REST v2. Of another one of Runpod's, the error says what it is and which is right. */
export function parseRunpodUrl(text: string, hosts: HostRule): Result<URL, string> {
  const url = parseBaseUrl(text, hosts)
  const problem = url.ok ? wrongAddressProblem(url.value) : null
  return problem === null ? url : fail(problem)
}

function wrongAddressProblem({ hostname, pathname }: URL): string | null {
  const host = hostname.replace(/\.$/, '')
  if (Object.hasOwn(otherHosts, host)) return `${otherHosts[host]} ${USE}`
  if (host !== 'api.runpod.io' || /^\/*(v2\/*)?$/.test(pathname)) return null
  return `Runpod’s API for pods isn’t at ${pathname}. ${USE}`
}
