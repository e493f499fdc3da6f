import { plainText } from '../../../core/base/plain-text'
import { copiedEnvironment, rebuildForm, rebuildSentences } from '../../../core/creation/form/rebuild'
import type { Provider } from '../../../core/pods/provider'
import { CliExit, exitCodes } from '../../output/exit'
import { type Control, refusalExit } from '../../account/open-control'
import { findPod } from '../find-pod'
import { readExit } from '../read-exit'
import type { CreateBase } from './create-base'

/** A new pod like this one. The old one is never touched. */
export function rebuildBase(provider: Provider, control: Control, podQuery: string): CreateBase {
  return {
    async copy(takenNames) {
      const account = await control.requests.account()
      if (!account.ok) throw refusalExit(account.error, true)
      const { id } = findPod(account.value.pods, podQuery)
      const read = await provider.readPodConfiguration?.(id)
      if (read === undefined)
        throw new CliExit(exitCodes.usage, 'Pods of this account cannot be rebuilt here.')
      if (!read.ok) throw readExit(read.error)
      const { value: configuration } = read
      const environment = copiedEnvironment(configuration)
      if (environment === null)
        throw new CliExit(
          exitCodes.failed,
          `This key has no permission to read the variables of ${plainText(configuration.name)}, so it cannot be rebuilt. Nothing was created.`,
        )
      return {
        form: rebuildForm(configuration, takenNames),
        environment,
        sentences: (form) => rebuildSentences(configuration, form),
      }
    },
  }
}
