import * as v from 'valibot'
import type { ReadonlyOutput } from '../../base/readonly-output'
import type { CpuOffer, DataCenter, GpuOffer, PodTemplate } from '../../pods/catalog'
import { keepOnChoices } from '../../pod-rules/pod-rules'
import { type CloudTier, cloudTiers, MAX_ARGUMENTS_CHARS } from '../../pods/pod-request'
import type { NetworkVolume } from '../../pods/provider'
import { CREATE_WAIT_H } from '../create-plan'
import type { SpendingView } from '../spending'

/*
 * The form of a new pod, as it is typed. `evaluateForm` makes a plan of it, or says field by field why there can be
 * none. See docs/product-rules.md#111-the-form.
 */

const text = v.pipe(v.string(), v.maxLength(4_000))
const ids = v.pipe(v.array(text), v.maxLength(200))
const count = v.pipe(v.number(), v.finite())

/** What a preset has, too. */
export const presetFormEntries = {
  hardware: v.picklist(['gpu', 'cpu']),
  /** In order of preference. */
  gpuTypeIds: ids,
  gpuCount: count,
  cpuFlavorId: v.nullable(text),
  vcpuCount: count,
  /** In order of preference; each GPU type is tried on all of them before the next one. */
  clouds: v.pipe(v.array(v.picklist(cloudTiers)), v.maxLength(cloudTiers.length)),
  /** Empty: anywhere. */
  dataCenterIds: ids,
  /** Empty: that of the template. */
  image: text,
  templateId: v.nullable(text),
  /** Null: those of the template. */
  args: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ARGUMENTS_CHARS))),
  /** Empty: that of the template, or the usual one. */
  containerDiskGb: text,
  storage: v.variant('kind', [
    v.object({ kind: v.picklist(['none', 'template']) }),
    v.object({ kind: v.literal('persistent'), sizeGb: text, path: text }),
    v.object({ kind: v.literal('network'), volumeId: text, path: text }),
  ]),
  /** One per line or with commas between them, such as "8888/http". Null: those of the template. */
  ports: v.nullable(text),
  allowedCudaVersions: ids,
  /** Empty: any. */
  minCudaVersion: text,
  registryId: v.nullable(text),
  hasSsh: v.boolean(),
  /** SSH by a key for this pod alone, instead of the keys of the account. */
  hasOwnKey: v.boolean(),
  hasJupyter: v.boolean(),
  hasGlobalNetworking: v.boolean(),
  isAutoStopped: v.boolean(),
  /** Empty: none. */
  maxHours: text,
  /** USD. Empty: none. */
  monthlyBudgetUsd: text,
  isStoppedAtBudget: v.boolean(),
  keepOn: v.nullable(v.picklist(keepOnChoices)),
}

/** What a draft has beside a preset. */
export const draftEntries = {
  name: text,
  /** Null: only now. `maxPerHourUsd`: USD with disks. */
  whenFree: v.nullable(v.object({ maxPerHourUsd: text, waitHours: text })),
}

/** Enough for one value of the greatest length beside many usual ones. */
const MAX_ENVIRONMENT_CHARS = 48_000

/** What windows send. What can be typed is accepted as it is: `evaluateForm` says what is wrong. */
export const podFormSchema = v.object({
  ...presetFormEntries,
  ...draftEntries,
  /** Lines of `NAME=value`. Empty lines and lines that begin with # are skipped. */
  environment: v.pipe(v.string(), v.maxLength(MAX_ENVIRONMENT_CHARS)),
  /** An automatic stop may lose data, where nothing certainly survives. */
  mayLoseData: v.boolean(),
  /** A budget that is used up does not stop it. */
  mayExceedBudget: v.boolean(),
})

export type PodForm = ReadonlyOutput<typeof podFormSchema>

export const emptyPodForm: PodForm = {
  name: '',
  hardware: 'gpu',
  gpuTypeIds: [],
  gpuCount: 1,
  cpuFlavorId: null,
  vcpuCount: 2,
  clouds: ['SECURE'],
  dataCenterIds: [],
  image: '',
  templateId: null,
  args: null,
  containerDiskGb: '',
  storage: { kind: 'none' },
  ports: '',
  environment: '',
  allowedCudaVersions: [],
  minCudaVersion: '',
  registryId: null,
  hasSsh: true,
  hasOwnKey: false,
  hasJupyter: false,
  hasGlobalNetworking: false,
  isAutoStopped: false,
  maxHours: '',
  monthlyBudgetUsd: '',
  isStoppedAtBudget: false,
  mayLoseData: false,
  keepOn: null,
  whenFree: null,
  mayExceedBudget: false,
}

/** What waiting until something is free begins with. */
export const usualWaitHours = String(CREATE_WAIT_H.default)

/** What the form chooses from, as far as it could be read. Null: it could not, so nothing is checked against it. */
export interface FormContext {
  /** For the count that the form has. */
  readonly gpus: Readonly<Record<CloudTier, readonly GpuOffer[] | null>>
  readonly cpus: readonly CpuOffer[] | null
  readonly dataCenters: readonly DataCenter[] | null
  readonly volumes: readonly NetworkVolume[] | null
  readonly templates: readonly PodTemplate[]
  readonly secretNames: readonly string[] | null
  /** How many SSH keys the account has. */
  readonly sshKeyCount: number | null
  /** Names that are taken. */
  readonly podNames: readonly string[]
  readonly spending: SpendingView
}

export type FormField = keyof PodForm

/** Why the form makes no pod. */
export interface FormProblem {
  readonly field: FormField
  /** In a field of several lines, 1 is the first; null: all of it. */
  readonly line: number | null
  /** A sentence that never has a value of the environment. */
  readonly message: string
}

/** Collects what is wrong, field by field. */
export type Report = (field: FormField, message: string, line?: number) => void

/** Whether a key is made for the pod alone. */
export const hasOwnKey = (form: Pick<PodForm, 'hasSsh' | 'hasOwnKey'>): boolean =>
  form.hasSsh && form.hasOwnKey

/** A name that is not taken: "h100-sxm", "h100-sxm-2". */
export function suggestPodName(label: string, taken: readonly string[]): string {
  const base =
    label
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '')
      .slice(0, 40) || 'pod'
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? base : `${base}-${number}`
    if (!taken.includes(name)) return name
  }
}

/** "Line 3: Enter variables as NAME=value." */
export const problemText = ({ line, message }: FormProblem): string =>
  line === null ? message : `Line ${line}: ${message}`
