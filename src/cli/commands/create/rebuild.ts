import {
  copiedEnvironment,
  rebuildForm,
  rebuildRules,
  rebuildSentences,
  replacementPlan,
} from '../../../core/creation/form/rebuild'
import type { Provider } from '../../../core/pods/provider'
import { systemUtcOffset } from '../../../node/clock'
import { CliExit, exitCodes } from '../../output/exit'
import { withNothing } from '../../output/nothing-text'
import { type Control, refusalExit } from '../../account/open-control'
import { findPod } from '../find/find-pod'
import { readExit } from '../read-exit'
import type { CreateBase } from './create-options'
import { createText, rebuildText } from './create-text'

/** A new pod like this one, which has its rules where they are taken over. The old one is never touched. */
export function rebuildBase(
  provider: Provider,
  control: Control,
  podQuery: string,
  isTakenOver: boolean,
): CreateBase {
  return {
    async copy(takenNames) {
      const account = await control.requests.account()
      if (!account.ok) throw refusalExit(account.error, true)
      const { id, name, rules, keepOn } = findPod(account.value.pods, podQuery)
      const read = await provider.readPodConfiguration?.(id)
      if (read === undefined) throw new CliExit(exitCodes.usage, withNothing(rebuildText.notHere, 'created'))
      if (!read.ok) throw readExit(read.error)
      const { value: configuration } = read
      const environment = copiedEnvironment(configuration)
      if (environment === null)
        throw new CliExit(
          exitCodes.failed,
          withNothing(rebuildText.variablesHidden(configuration.name), 'created'),
        )
      const formRules = isTakenOver
        ? rebuildRules({ rules, keepOn }, account.value.atMs, systemUtcOffset)
        : {}
      return {
        form: { ...rebuildForm(configuration, takenNames), ...formRules },
        environment,
        // The program that carries it out knows the tabs that are open by then.
        complete: (plan) => replacementPlan(plan, id, isTakenOver ? { rules, tabNames: [] } : null),
        sentences: (form) => [
          ...rebuildSentences(configuration, form),
          ...(isTakenOver ? [createText.takenOver(name)] : []),
        ],
      }
    },
  }
}
