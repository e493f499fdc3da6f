import { fail, type Result } from '../../core/base/result'
import { type HostRule, parseBaseUrl } from '../../providers/http/base-url'
import { providers } from '../../providers/index'

/** The address of Runpod's API to use, or why there is none. What the environment says goes before the setting. */
export function chooseBaseUrl(
  fromEnvironment: string | undefined,
  fromSettings: string | null,
  hosts: HostRule,
): Result<URL, string> {
  const text = fromEnvironment ?? fromSettings ?? providers.runpod.defaultBaseUrl
  const url = parseBaseUrl(text, hosts)
  if (url.ok) return url
  const where = fromEnvironment === undefined ? 'The base URL of the settings' : 'RUNPOD_API_BASE_URL'
  if (hosts === 'any') return fail(`${where} (${text}) cannot be used. ${url.error}`)
  return fail(
    'This copy runs on a test runtime, an Electron out of support, so it talks to this computer only. ' +
      'Use a current Electron for a real key, or try the demo.',
  )
}
