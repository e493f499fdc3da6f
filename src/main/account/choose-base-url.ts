import { fail, type Result } from '../../core/base/result'
import { chooseBaseUrl as chooseFromCandidates } from '../../providers/choose-base-url'
import type { HostRule } from '../../providers/http/base-url'

/** The address of Runpod's API to use, or why there is none. The environment takes precedence over the setting. */
export function chooseBaseUrl(
  fromEnvironment: string | undefined,
  fromSettings: string | null,
  hosts: HostRule,
): Result<URL, string> {
  const url = chooseFromCandidates(
    [
      { source: 'RUNPOD_API_BASE_URL', text: fromEnvironment },
      { source: 'The base URL of the settings', text: fromSettings },
    ],
    hosts,
  )
  if (url.ok) return url
  if (hosts === 'any') return fail(url.error)
  return fail(
    'This copy runs on a test runtime, an Electron out of support, so it talks to this computer only. ' +
      'Use a current Electron for a real key, or try the demo.',
  )
}
