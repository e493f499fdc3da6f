import { useId } from 'react'
import type { Result } from '../../../core/base/result'
import type { RequestError } from '../../../shared/ipc'
import { NONE } from '../../../shared/requests/limits'
import type { ChosenPaths } from '../../../shared/requests/queue-requests'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { buttons, clearLabel, fieldLabels, folderName, formToasts, help, namesOrNone } from './job-form-text'
import type { JobSpec } from '../../../core/queue/jobs/job-spec'

/** What main keeps under an id. Null: as it was. */
export interface JobParts {
  readonly variables: ChosenPaths | null
  readonly files: ChosenPaths | null
  readonly folder: ChosenPaths | null
}

export const keptParts: JobParts = { variables: null, files: null, folder: null }

const nothing: ChosenPaths = { id: NONE, names: [] }

interface MainPartsProps {
  /** The job that is edited; null: a new one. */
  readonly before: JobSpec | null
  readonly parts: JobParts
  /** A dialog of the system can be open while another choice is made. */
  readonly onChange: (change: Partial<JobParts>) => void
  readonly folderProblem: string | null
}

/**
 * Values of variables and paths of this computer, which the page never has: main reads the clipboard and opens the
 * system's dialogs.
 */
export function MainParts({ before, parts, onChange, folderProblem }: MainPartsProps) {
  const { bridge } = useWindow()
  const folder = before?.resultsFolder ?? null
  return (
    <>
      <MainPart
        label={fieldLabels.resultsFolder}
        help={help.resultsFolder}
        problem={folderProblem}
        names={parts.folder?.names ?? (folder === null ? [] : [folderName(folder)])}
        action={buttons.chooseFolder}
        failure={formToasts.notChosen}
        choose={() => bridge.chooseResultsFolder()}
        onChoose={(chosen) => onChange({ folder: chosen })}
      />
      <MainPart
        label={fieldLabels.files}
        help={help.files}
        names={parts.files?.names ?? before?.files.map(({ name }) => name) ?? []}
        action={buttons.chooseFiles}
        failure={formToasts.notChosen}
        choose={() => bridge.chooseJobFiles()}
        onChoose={(files) => onChange({ files })}
      />
      <MainPart
        label={fieldLabels.variables}
        help={help.variables}
        names={parts.variables?.names ?? before?.variableNames ?? []}
        action={buttons.paste}
        failure={formToasts.notPasted}
        choose={() => bridge.pasteJobVariables()}
        onChoose={(variables) => onChange({ variables })}
      />
    </>
  )
}

interface MainPartProps {
  readonly label: string
  readonly help: string
  readonly problem?: string | null
  readonly names: readonly string[]
  readonly action: string
  readonly failure: string
  /** Null: canceled. */
  readonly choose: () => Promise<Result<ChosenPaths | null, RequestError>>
  readonly onChoose: (chosen: ChosenPaths) => void
}

function MainPart(props: MainPartProps) {
  const { label, names, problem = null, onChoose } = props
  const { snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const noteId = useId()
  const choose = () =>
    runOnce(async () => {
      const chosen = await snapshotStore.runRequest(props.failure, props.choose())
      if (chosen !== null) onChoose(chosen)
    })
  return (
    <div
      className="main-part"
      role="group"
      aria-label={label}
      aria-describedby={noteId}
      tabIndex={-1}
      data-problem={problem ?? undefined}
    >
      <span className="form-label">{label}</span>
      <span className="main-part-names">
        <bdi>{namesOrNone(names)}</bdi>
      </span>
      <span className="main-part-buttons">
        <Button onPress={choose}>{props.action}</Button>
        {names.length > 0 && (
          <Button kind="bare" icon="close" label={clearLabel(label)} onPress={() => onChoose(nothing)} />
        )}
      </span>
      <span id={noteId} className={problem === null ? 'form-note' : 'form-problem'}>
        {problem ?? props.help}
      </span>
    </div>
  )
}
