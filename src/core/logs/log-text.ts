import type { ProviderError } from '../pods/provider'

export const SECRETS_UNKNOWN = 'The pod’s environment couldn’t be read, so its secrets aren’t hidden here.'

/** Why a log cannot be read, in one or two sentences. */
export function logErrorText({ kind, message }: ProviderError): string {
  switch (kind) {
    case 'unauthorized':
      return 'Your API key was refused.'
    case 'forbidden':
      return 'Your API key has no permission to read logs.'
    case 'not-found':
      return 'This pod has no log. It may have been terminated.'
    case 'gone':
      return 'Logs are no longer available here.'
    case 'rate-limited':
      return 'Waiting, to stay within the request limit.'
    default:
      return message
  }
}
