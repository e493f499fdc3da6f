import type { ProviderError } from '../pods/provider'

/** Why a log cannot be read, as one sentence. */
export function logErrorText({ kind, message }: ProviderError): string {
  switch (kind) {
    case 'unauthorized':
      return 'Your API key was refused.'
    case 'forbidden':
      return 'Your API key has no permission to read logs.'
    case 'not-found':
      return 'There is no log of this pod. It may have been terminated.'
    case 'gone':
      return 'Logs are no longer available here.'
    case 'rate-limited':
      return 'Waiting, to stay within the request limit.'
    default:
      return message
  }
}
