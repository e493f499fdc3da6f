import type { Provider } from '../pods/provider'
import type { AccessLeftovers, CleanUpPart, ForeignKey } from './clean-up-view'
import { cleanUpText } from './clean-up-text'

/**
 * Reads the templates with secrets and the registered keys, with one request each. `foreignKeys` tells which of the
 * registered lines this computer doesn't have.
 */
export async function readAccessLeftovers(
  provider: Pick<Provider, 'listSecretTemplates' | 'readSshKeys'>,
  foreignKeys: (registered: readonly string[]) => Promise<CleanUpPart<ForeignKey>>,
): Promise<AccessLeftovers> {
  const [templates, registered] = await Promise.all([
    provider.listSecretTemplates?.(),
    provider.readSshKeys?.(),
  ])
  const keys =
    registered === undefined
      ? undefined
      : registered.ok
        ? await foreignKeys(registered.value)
        : unknown(cleanUpText.keysUnread(registered.error.message))
  return {
    ...(templates !== undefined && {
      templates: templates.ok
        ? {
            kind: 'read',
            items: templates.value.templates,
            gap: templates.value.isComplete ? null : cleanUpText.templatesPartial,
          }
        : unknown(cleanUpText.templatesUnread(templates.error.message)),
    }),
    ...(keys !== undefined && { keys }),
  }
}

const unknown = (why: string) => ({ kind: 'unknown', why }) as const
