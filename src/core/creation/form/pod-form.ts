import type { CpuOffer, DataCenter, GpuOffer, PodTemplate } from '../../pods/catalog'
import type { KeepOnChoice } from '../../pod-rules/pod-rules'
import type { CloudTier } from '../../pods/pod-request'
import type { NetworkVolume } from '../../pods/provider'
import { CREATE_WAIT_H } from '../create-plan'
import type { SpendingView } from '../spending'

/*
 * The form of a new pod, as it is typed. `evaluateForm` makes a plan of it, or says field by field why there can be
 * none. See docs/product-rules.md#111-the-form.
 */

export interface PodForm {
  readonly name: string
  readonly hardware: 'gpu' | 'cpu'
  /** In order of preference. */
  readonly gpuTypeIds: readonly string[]
  readonly gpuCount: number
  readonly cpuFlavorId: string | null
  readonly vcpuCount: number
  /** In order of preference; each GPU type is tried on all of them before the next one. */
  readonly clouds: readonly CloudTier[]
  /** Empty: anywhere. */
  readonly dataCenterIds: readonly string[]
  /** Empty: that of the template. */
  readonly image: string
  readonly templateId: string | null
  /** Null: those of the template. */
  readonly args: string | null
  /** Empty: that of the template, or the usual one. */
  readonly containerDiskGb: string
  readonly storage:
    | { readonly kind: 'none' | 'template' }
    | { readonly kind: 'persistent'; readonly sizeGb: string; readonly path: string }
    | { readonly kind: 'network'; readonly volumeId: string; readonly path: string }
  /** One per line or with commas between them, such as "8888/http". Null: those of the template. */
  readonly ports: string | null
  /** Lines of `NAME=value`. Empty lines and lines that begin with # are skipped. */
  readonly environment: string
  readonly allowedCudaVersions: readonly string[]
  /** Empty: any. */
  readonly minCudaVersion: string
  readonly registryId: string | null
  readonly hasSsh: boolean
  /** SSH by a key for this pod alone, instead of the keys of the account. */
  readonly hasOwnKey: boolean
  readonly hasJupyter: boolean
  readonly hasGlobalNetworking: boolean
  readonly isAutoStopped: boolean
  /** Empty: none. */
  readonly maxHours: string
  /** USD. Empty: none. */
  readonly monthlyBudgetUsd: string
  readonly isStoppedAtBudget: boolean
  /** An automatic stop may lose data, where nothing certainly survives. */
  readonly mayLoseData: boolean
  readonly keepOn: KeepOnChoice | null
  /** Null: only now. `maxPerHourUsd`: USD with disks. */
  readonly whenFree: { readonly maxPerHourUsd: string; readonly waitHours: string } | null
  /** A budget that is used up does not stop it. */
  readonly mayExceedBudget: boolean
}

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
