import { formatDuration, formatNumber, formatUsdPerHour } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import type { PodForm } from '../creation/form/pod-form'
import type { PodId } from '../pods/pod'
import { plainName, shortName } from '../pods/pod-name'
import { needsText } from '../queue/jobs/needs-text'
import { bad, type ConfirmationLine, plain } from './confirmation'
import type { HostKeyOutlook } from '../terminal/seen-host-key'
import { NEW_KEY_CONSEQUENCE } from '../queue/schedule/new-key-text'
import type { Question, QuestionChoice } from './question-queue'
import type { JobSpec } from '../queue/jobs/job-spec'

/*
 * Questions before something may run on a person's pods. Values of variables are never in them. See
 * docs/product-rules.md#15-queue-of-experiments.
 */

/** Characters that a reader doesn't see, or that change what the others look like. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu
/** What is below so many of them would never be looked at. */
const MANY_BLANK_LINES = /(?:\n[ \t]*){4,}(?=\n)/g
const MANY_SPACES = / {40,}/g

/** A command as it will run: nothing of it is invisible, and nothing is pushed out of sight. */
export function shownScript(command: string): string {
  return command
    .replace(/\r\n/g, '\n')
    .replace(UNSEEN, (character) =>
      character === '\n' || character === '\t'
        ? character
        : `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    )
    .replaceAll('\t', '    ')
    .replace(MANY_BLANK_LINES, (lines) => `\n⟨${formatNumber(lines.split('\n').length - 1)} empty lines⟩`)
    .replace(MANY_SPACES, (spaces) => ` ⟨${formatNumber(spaces.length)} spaces⟩ `)
}

export interface JobQuestionOptions {
  readonly spec: JobSpec
  readonly isNew: boolean
  /** What a person calls the account that it is limited to; null: none, or the only one. */
  readonly accountName: string | null
}

/** Asked before a page's command enters the queue, from where it can run on any pod that it fits. */
export function jobQuestion({ spec, isNew, accountName }: JobQuestionOptions): Question {
  const name = shortName(spec.name)
  return {
    text: {
      title: isNew ? `Add the job ${name}?` : `Change the job ${name}?`,
      lines: jobLines(spec, accountName),
      script: shownScript(spec.command),
      warning: null,
      field: null,
      confirmLabel: isNew ? 'Add job' : 'Change job',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

function jobLines(spec: JobSpec, accountName: string | null): readonly ConfirmationLine[] {
  const { workingDirectory, variableNames, files, resultsFolder, maxSeconds, command } = spec
  const lineCount = command.split(/\r?\n/).length
  return [
    bad(`Runs ${lineCount === 1 ? 'this command' : `these ${formatNumber(lineCount)} lines`} on your pods.`),
    plain(`Where: ${needsText(spec.needs)}${accountName === null ? '' : ` in ${plainName(accountName)}`}`),
    ...(workingDirectory === null ? [] : [plain(`In the folder ${plainText(workingDirectory)}`)]),
    ...(variableNames.length === 0 ? [] : [plain(`Variables: ${variableNames.join(', ')}`)]),
    ...files.map(({ path }) => plain(`Sends ${plainText(path)}`)),
    ...(resultsFolder === null ? [] : [plain(`Fetches its results into ${plainText(resultsFolder)}`)]),
    ...(spec.afterSuccess === 'stop' ? [bad('After success, the pod is stopped.')] : []),
    ...(spec.afterSuccess === 'next' ? [bad('After success, the next job that fits starts there.')] : []),
    plain(
      `Time limit: ${formatDuration(maxSeconds * 1_000)}${spec.retries === 0 ? '' : `, with up to ${spec.retries} ${spec.retries === 1 ? 'retry' : 'retries'}`}`,
    ),
  ]
}

/** Whether both would do the same in the same places, so that nothing has to be asked again. */
export function isSameWork(a: JobSpec, b: JobSpec): boolean {
  const work = ({
    name: _name,
    priority: _priority,
    estimatedSeconds: _estimate,
    ...rest
  }: JobSpec): string => JSON.stringify(Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)))
  return work(a) === work(b)
}

/** A pod, or all pods of an account, of which there is no id here. */
interface JobPlace {
  readonly name: string
  readonly podId: PodId | null
}

/** What a person would allow from now on. */
export interface AllowedAnew {
  /** Where jobs may start automatically. */
  readonly places: readonly JobPlace[]
  readonly starts: readonly {
    readonly pod: JobPlace
    readonly maxPerHourUsd: number
    readonly keyOutlook: HostKeyOutlook
  }[]
  readonly creates: readonly {
    readonly presetName: string
    /** What the preset says. */
    readonly form: PodForm
    /** Null: there is only one account. */
    readonly accountName: string | null
    readonly maxPerHourUsd: number
  }[]
}

/** Of more, all stand in a list of their own. */
const MAX_PLACES = 8

const placeName = ({ name, podId }: JobPlace): string =>
  `${shortName(name)}${podId === null ? '' : ` (${podId})`}`

export function scheduleQuestion(allowed: AllowedAnew): Question {
  const { places, starts, creates } = allowed
  const names = places.map(placeName)
  const isList = names.length > MAX_PLACES
  const isMoney = starts.length + creates.length > 0
  return {
    text: {
      title:
        creates.length > 0
          ? 'Let jobs create pods?'
          : isMoney
            ? 'Let jobs start stopped pods?'
            : 'Turn on auto-schedule?',
      lines: [
        ...(names.length === 0
          ? []
          : [
              plain(isList ? `For these ${names.length}` : `For ${names.join(', ')}`),
              bad('Waiting jobs start there without asking, once the pod was observed idle for 5 min.'),
            ]),
        ...starts.map(({ pod, maxPerHourUsd }) =>
          bad(
            `${placeName(pod)} is started for a job that fits, at up to ${formatUsdPerHour(maxPerHourUsd)}.`,
          ),
        ),
        ...creates.flatMap(createLines),
        ...starts.flatMap(({ pod, keyOutlook }) => startKeyLines(shortName(pod.name), keyOutlook)),
        ...(creates.length === 0
          ? []
          : [
              plain(
                'A new pod shows a host key that nobody accepted, so none is created unless you choose that below.',
              ),
            ]),
        plain(
          isMoney
            ? 'Each can be skipped for 1 min before. Nothing is started or created at a price that is higher or not known. The pod keeps running after the job, unless the job or a rule stops it.'
            : 'Each start can be skipped for 1 min before. No pod is started or created for a job.',
        ),
      ],
      ...(isList && { script: names.join('\n'), scriptLabel: 'Where jobs start' }),
      warning: null,
      field: null,
      ...(isMoney && { choice: newKeyChoice }),
      confirmLabel: isMoney ? 'Allow' : 'Turn on',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** Its secrets are those of jobs. See docs/product-rules.md#152-where-jobs-start. */
const newKeyChoice: QuestionChoice = {
  label: 'Accept the host key that the pod shows first after such a start',
  consequence: NEW_KEY_CONSEQUENCE,
}

/** What becomes of a job while nobody is there to accept a new host key. */
function startKeyLines(name: string, outlook: HostKeyOutlook): readonly ConfirmationLine[] {
  const isNotStarted = `so it is not started unless you choose that below.`
  switch (outlook) {
    case 'stays':
      return []
    case 'may-change':
      return [
        plain(`If ${name} has a new host key then, the job waits for you unless you choose that below.`),
      ]
    case 'changes':
      return [plain(`${name} had a new host key after its last start, ${isNotStarted}`)]
    case 'unknown':
      return [plain(`You have not accepted a host key of ${name} yet, ${isNotStarted}`)]
  }
}

function volumeText(storage: PodForm['storage']): string {
  switch (storage.kind) {
    case 'persistent':
      return `a volume of ${plainText(storage.sizeGb)} GB at ${plainText(storage.path)}`
    case 'network':
      return `the network volume ${plainText(storage.volumeId)} at ${plainText(storage.path)}`
    case 'template':
      return 'the volume of its template'
    case 'none':
      return 'no volume'
  }
}

function createLines({
  presetName,
  form,
  accountName,
  maxPerHourUsd,
}: AllowedAnew['creates'][number]): readonly ConfirmationLine[] {
  const { hardware, gpuTypeIds, gpuCount, cpuFlavorId, vcpuCount, image, templateId, args, environment } =
    form
  const { containerDiskGb, storage, ports, dataCenterIds, maxHours } = form
  const where = accountName === null ? '' : ` in ${plainName(accountName)}`
  const types =
    hardware === 'cpu' ? `${vcpuCount} vCPU of ${cpuFlavorId}` : `${gpuCount} × ${gpuTypeIds.join(' or ')}`
  return [
    bad(
      `A pod of the preset ${shortName(presetName)} is created${where} for a job that fits, one at a time, at up to ${formatUsdPerHour(maxPerHourUsd)}.`,
    ),
    plain(`It has ${plainText(types)}.`),
    ...(image === '' ? [] : [plain(`Its image is ${plainText(image)}.`)]),
    ...(templateId === null ? [] : [plain(`Its template is ${plainText(templateId)}.`)]),
    ...(args === null || args === '' ? [] : [plain(`It runs ${shownScript(args)}`)]),
    ...(environment === '' ? [] : [plain(`Variables: ${plainText(environment.split('\n').join(', '))}`)]),
    plain(
      `Its disk: ${containerDiskGb === '' ? 'the usual size' : `${plainText(containerDiskGb)} GB`}, and ${volumeText(storage)}.`,
    ),
    ...(ports === null || ports === '' ? [] : [plain(`Ports: ${plainText(ports)}`)]),
    ...(dataCenterIds.length === 0 ? [] : [plain(`Only in ${plainText(dataCenterIds.join(', '))}`)]),
    maxHours === ''
      ? bad('It has no maximum hours of its own.')
      : plain(`It has maximum hours of ${plainText(maxHours)}.`),
  ]
}
