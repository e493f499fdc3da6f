import { Button as AriaButton } from 'react-aria-components'
import { noFormRules, rebuildRules, rebuildSentences } from '../../core/creation/form/rebuild'
import { type FormField, problemText } from '../../core/creation/form/pod-form'
import { localOffset } from '../pod-model/text/keep-on-text'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { useNewPod } from './state/new-pod-context'
import { fieldLabels, sourceText } from './new-pod-text'
import type { DraftSource } from './state/draft'
import { SwitchRow } from './fields/fields'
import { draftStore } from './state/use-new-pod-state'
import { useSourceName } from './state/use-source-name'

/** What the new pod has of the pod that it is like, and what not. */
export function SourceNote() {
  const { draft, form, change } = useNewPod()
  const { source, prefilled } = draft
  const shownName = useSourceName(draft)
  if (source === null) return null
  const { configuration = null, environmentProblem = null, copied = null } = prefilled ?? {}
  return (
    <div className="new-source">
      <h3>{source.isRebuild ? sourceText.rebuildOf(shownName) : sourceText.like(shownName)}</h3>
      {prefilled === null && <p className="new-hint">{sourceText.reading}</p>}
      <ul>
        {configuration !== null &&
          rebuildSentences(configuration, form).map((sentence) => <li key={sentence}>{sentence}</li>)}
        {environmentProblem !== null && <li className="bad-text">{environmentProblem}</li>}
        {copied !== null && <li>{sourceText.variablesCopied(copied.names)}</li>}
        {source.isRebuild && <li>{sourceText.canTerminate}</li>}
      </ul>
      {source.isRebuild && <TakeOverSwitch source={source} name={shownName} />}
      {prefilled !== null && configuration === null && (
        <Button kind="bare" onPress={() => draftStore.replace({ ...draft, prefilled: null })}>
          {sourceText.readAgain}
        </Button>
      )}
      {form.gpuTypeIds.length > 0 && source.isRebuild && (
        <Button kind="bare" onPress={() => change({ gpuTypeIds: [] })}>
          {sourceText.chooseOthers}
        </Button>
      )}
    </div>
  )
}

/** Whether rules and terminals follow. The rules that the form has are filled in, or emptied, with it. */
function TakeOverSwitch({ source, name }: { readonly source: DraftSource; readonly name: string }) {
  const { ticker } = useWindow()
  const { draft } = useNewPod()
  const guard = useSnapshotStore(({ podsByKey }) => podsByKey.get(source.podKey)?.guard)
  const setTakenOver = (isTakenOver: boolean): void => {
    const rules =
      isTakenOver && guard !== undefined ? rebuildRules(guard, ticker.now(), localOffset) : noFormRules
    draftStore.store.setState({ form: { ...draft.form, ...rules }, source: { ...source, isTakenOver } })
  }
  return (
    <SwitchRow
      label={sourceText.takeOver}
      isOn={source.isTakenOver}
      onChange={setTakenOver}
      hint={source.isTakenOver ? sourceText.takenOver(name) : sourceText.notTakenOver(name)}
    />
  )
}

/** All that is to be corrected, with a way to each field. */
export function ProblemList({ onFocus }: { readonly onFocus: (field: FormField) => void }) {
  const { problems } = useNewPod()
  if (problems.length === 0) return null
  return (
    <div className="new-problems" role="alert">
      <h3>{problems.length === 1 ? sourceText.correctThis : sourceText.correctThese}</h3>
      <ul>
        {problems.map((problem) => (
          <li key={`${problem.field} ${problemText(problem)}`}>
            <AriaButton className="new-problem-link" onPress={() => onFocus(problem.field)}>
              {fieldLabels[problem.field] ?? sourceText.form}
            </AriaButton>
            : {problemText(problem)}
          </li>
        ))}
      </ul>
    </div>
  )
}
