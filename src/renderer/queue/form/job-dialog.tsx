import './job-dialog.css'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Result } from '../../../core/base/result'
import {
  emptyJobForm,
  evaluateJobForm,
  type JobField,
  type JobForm,
  jobFormOf,
} from '../../../core/queue/jobs/job-form'
import type { RequestError } from '../../../shared/ipc'
import type { JobDraft } from '../../../shared/requests/queue-requests'
import { answerOf } from '../../state/answer-of'
import { requestText } from '../../state/state-text'
import { isWaitingState } from '../../../core/queue/queue-view'
import { jobOf, useQueue } from '../../state/hooks/use-queue'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { CloseButton } from '../../ui/close-button'
import { commonText } from '../../ui/common-text'
import { Choice } from '../../ui/controls/choice'
import { FormField, SubmitByEnter } from '../../ui/controls/form-field'
import { Toggle } from '../../ui/controls/toggle'
import { useIsOpen } from '../../ui/dialog'
import { DependencyMenu } from './dependency-menu'
import {
  afterSuccessLabels,
  ANY_ACCOUNT,
  buttons,
  CONFIRM_NOTE,
  fieldLabels,
  folderProblem,
  formToasts,
  groups,
  help,
  placeholders,
  startedMeanwhile,
  title,
} from './job-form-text'
import { type JobParts, keptParts, MainParts } from './main-parts'
import { priorityLabels } from '../queue-page-text'
import type { JobCopy } from '../../state/snapshot-store'
import type { JobSpec } from '../../../core/queue/jobs/job-spec'
import { jobPriorities } from '../../../core/queue/jobs/job-choices'

interface JobDialogProps {
  /** The job that is edited; null: a new one. */
  readonly jobId: string | null
  /** What a new job is a copy of; null: nothing. */
  readonly copyOf: JobCopy | null
  readonly onClose: () => void
}

/** Adds a job, or edits one that waits. The app's own window asks before its command can run anywhere. */
export function JobDialog({ jobId, copyOf, onClose }: JobDialogProps) {
  const queue = useQueue()
  const job = jobId === null ? undefined : jobOf(queue, jobId)
  // What was typed stays while the job changes elsewhere.
  const [spec] = useState<JobSpec | null>(copyOf?.spec ?? job?.spec ?? null)
  const isGone = jobId !== null && (spec === null || job === undefined || !isWaitingState(job.state))
  const heading = spec === null ? title.new : copyOf === null ? title.edit(spec.name) : title.copy(spec.name)
  return (
    <>
      <header>
        <h2 title={heading}>
          <bdi>{heading}</bdi>
        </h2>
        <CloseButton onPress={onClose} />
      </header>
      {isGone ? (
        <p className="dialog-body job-note" role="status">
          {startedMeanwhile}
        </p>
      ) : (
        <JobFormBody jobId={jobId} copyOf={copyOf} spec={spec} onClose={onClose} />
      )}
    </>
  )
}

type JobFormProps = JobDialogProps & { readonly spec: JobSpec | null }

function JobFormBody(props: JobFormProps) {
  const { jobId, spec: before, onClose } = props
  const accounts = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.accounts) ?? []
  const body = useRef<HTMLFormElement>(null)
  const draft = useJobDraft(props, () =>
    body.current?.querySelector<HTMLElement>('[aria-invalid="true"], [data-problem]')?.focus(),
  )
  const { form, set, problemOf, parts, isBusy, refusal, submit } = draft

  const text = (field: TextField, more: Partial<Parameters<typeof FormField>[0]> = {}) => (
    <FormField
      label={fieldLabels[field]}
      value={form[field]}
      onChange={(value) => set({ [field]: value })}
      problem={problemOf(field)}
      {...(field in help && { help: help[field as keyof typeof help] })}
      {...more}
    />
  )

  return (
    <>
      <form
        ref={body}
        className="dialog-body form job-form"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
        // In a field of several lines, Enter alone begins a new one.
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          submit()
        }}
      >
        {text('name', { autoFocus: before === null, maxLength: 200 })}
        {text('command', { lines: 5, maxLength: 40_000, placeholder: placeholders.command })}
        {text('workingDirectory', { placeholder: placeholders.workingDirectory })}
        <h3>{groups.where}</h3>
        <div className="form-row thirds">
          {text('gpuType')}
          {text('gpuCount')}
          {text('gpuMemoryGb', { unit: 'GB' })}
        </div>
        <div className="form-row">
          {text('label')}
          {accounts.length > 1 && (
            <Choice
              label={fieldLabels.accountId}
              options={[
                { id: '', label: ANY_ACCOUNT },
                ...accounts.map(({ entry }) => ({ id: entry.id, label: entry.name })),
              ]}
              chosen={form.accountId ?? ''}
              onChoose={(id) => set({ accountId: id === '' ? null : id })}
            />
          )}
        </div>
        <Toggle
          label={fieldLabels.sharesPod}
          help={help.sharesPod}
          isOn={form.sharesPod}
          onChange={(sharesPod) => set({ sharesPod })}
        />
        <h3>{groups.when}</h3>
        <div className="form-row thirds">
          {text('estimate')}
          {text('maxTime')}
          {text('retries')}
        </div>
        <div className="form-row thirds">
          <Choice
            label={fieldLabels.priority}
            options={jobPriorities.map((id) => ({ id, label: priorityLabels[id] }))}
            chosen={form.priority}
            onChoose={(priority) => set({ priority })}
          />
          <DependencyMenu
            jobId={jobId}
            chosen={form.dependsOn}
            onChange={(dependsOn) => set({ dependsOn })}
            problem={problemOf('dependsOn')}
          />
          <Choice
            label={fieldLabels.afterSuccess}
            options={(['keep', 'stop', 'next'] as const).map((id) => ({ id, label: afterSuccessLabels[id] }))}
            chosen={form.afterSuccess}
            onChoose={(afterSuccess) => set({ afterSuccess })}
          />
        </div>
        {jobId === null && (
          <Toggle label={fieldLabels.hold} help={help.hold} isOn={draft.isHeld} onChange={draft.setHeld} />
        )}
        <h3>{groups.files}</h3>
        {text('resultGlobs', { lines: 2, placeholder: placeholders.resultGlobs })}
        <MainParts
          before={before}
          parts={parts}
          onChange={(change) => draft.setParts((last) => ({ ...last, ...change }))}
          folderProblem={draft.folderProblem}
        />
        {refusal !== null && (
          <p className="form-problem" role="alert">
            {refusal}
          </p>
        )}
        <SubmitByEnter />
      </form>
      <footer>
        {jobId === null && <p className="job-effect">{CONFIRM_NOTE}</p>}
        <Button onPress={onClose}>{commonText.cancel}</Button>
        <Button kind="primary" isPending={isBusy} onPress={submit}>
          {isBusy ? buttons.busy : jobId === null ? buttons.add : buttons.save}
        </Button>
      </footer>
    </>
  )
}

/** What is typed and chosen for a job, what is wrong with it, and what sends it. */
function useJobDraft({ jobId, copyOf, spec: before, onClose }: JobFormProps, focusProblem: () => void) {
  const { bridge, snapshotStore } = useWindow()
  const [form, setForm] = useState<JobForm>(() => (before === null ? emptyJobForm : jobFormOf(before)))
  const [parts, setParts] = useState<JobParts>(keptParts)
  const [isHeld, setHeld] = useState(false)
  const [touched, setTouched] = useState<ReadonlySet<JobField>>(new Set())
  const [hasTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [refusal, setRefusal] = useState<string | null>(null)
  const isOpen = useIsOpen()
  const { spec, problems } = evaluateJobForm(form)
  const hasFolder = parts.folder === null ? before?.resultsFolder != null : parts.folder.names.length > 0
  const noFolder = folderProblem(form, hasFolder)

  const set = (change: Partial<JobForm>): void => {
    setForm({ ...form, ...change })
    setTouched(new Set([...touched, ...(Object.keys(change) as JobField[])]))
    setRefusal(null)
  }
  const problemOf = (field: JobField): string | null =>
    hasTried || touched.has(field)
      ? (problems.find((problem) => problem.field === field)?.message ?? null)
      : null

  async function send(draft: JobDraft): Promise<void> {
    const { name } = draft.spec
    const answer: Result<unknown, RequestError> = await (jobId === null
      ? answerOf(bridge.addJob(draft, copyOf?.jobId ?? null))
      : answerOf(bridge.editJob(jobId, draft)))
    if (answer.ok) {
      // Declined: what was typed stays.
      if (answer.value === null || answer.value === false) return
      // On the Queue page, its row says so.
      if (!isOpen.current || snapshotStore.store.getState().page !== 'queue')
        snapshotStore.showToast('ok', jobId === null ? formToasts.added(name) : formToasts.saved(name))
      if (isOpen.current) onClose()
      return
    }
    const failure = jobId === null ? formToasts.notAdded : formToasts.notSaved
    const text = requestText.failed(failure, answer.error.message)
    if (isOpen.current) setRefusal(text)
    else snapshotStore.showToast('bad', text)
  }

  function submit(): void {
    // Problems are marked at once: a key that is typed next belongs to the field that gets the focus.
    flushSync(() => setTried(true))
    if (spec === null || noFolder !== null || isBusy) return focusProblem()
    setBusy(true)
    const { variables, files, folder } = parts
    const draft = {
      spec,
      variablesId: variables?.id ?? null,
      filesId: files?.id ?? null,
      resultsFolderId: folder?.id ?? null,
      isHeld,
    }
    void send(draft).finally(() => setBusy(false))
  }

  return {
    form,
    set,
    problemOf,
    parts,
    setParts,
    isHeld,
    setHeld,
    isBusy,
    refusal,
    submit,
    folderProblem: hasTried || touched.has('afterSuccess') ? noFolder : null,
  }
}

type TextField = {
  [K in keyof JobForm]: JobForm[K] extends string ? (string extends JobForm[K] ? K : never) : never
}[keyof JobForm]
