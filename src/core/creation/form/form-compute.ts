import type { GpuOffer, PodTemplate } from '../../pods/catalog'
import { isGpuOfType } from '../../pods/gpu-type'
import { multiGpuTypes } from '../../pods/labs/lab-pod-spec'
import type { CloudTier, PodCompute, PodStorage } from '../../pods/pod-request'
import type { FormContext, PodForm, Report } from './pod-form'

/** Hardware to try, on these clouds in this order. */
export interface ComputeChoice {
  readonly label: string
  readonly compute: PodCompute
  readonly clouds: readonly CloudTier[]
}

export interface ComputeChoices {
  readonly compute: readonly ComputeChoice[]
  /** Where the pod may be; empty: anywhere. */
  readonly places: readonly string[]
}

interface Chosen {
  readonly image: string
  readonly template: PodTemplate | null
  readonly storage: PodStorage
}

export function computeChoices(
  form: PodForm,
  context: FormContext,
  chosen: Chosen,
  report: Report,
): ComputeChoices {
  const places = placesOf(form, context, chosen.storage, report)
  if (form.clouds.length === 0) report('clouds', 'Choose secure or community cloud.')
  return {
    places,
    compute:
      form.hardware === 'cpu' ? cpuChoices(form, context, report) : gpuChoices(form, context, chosen, report),
  }
}

/** A network volume is in one data center, and its pod must be there. */
function placesOf(
  { dataCenterIds, clouds }: PodForm,
  { volumes, dataCenters }: FormContext,
  storage: PodStorage,
  report: Report,
): readonly string[] {
  const unknown = dataCenterIds.find((id) => dataCenters?.some((place) => place.id === id) === false)
  if (unknown !== undefined) report('dataCenterIds', `There is no data center ${unknown}.`)
  if (storage.kind !== 'network') return dataCenterIds
  if (clouds.includes('COMMUNITY'))
    report('clouds', 'Network volumes are available in the secure cloud only.')
  const volume = volumes?.find(({ id }) => id === storage.volumeId)
  const place = volume?.dataCenterId ?? null
  if (place === null) return dataCenterIds
  if (dataCenterIds.length > 0 && !dataCenterIds.includes(place))
    report('dataCenterIds', `${volume?.name ?? 'The volume'} is in ${place}, so the pod must be there too.`)
  return [place]
}

function cpuChoices(
  { cpuFlavorId, vcpuCount, clouds, minCudaVersion, allowedCudaVersions, hasGlobalNetworking }: PodForm,
  { cpus }: FormContext,
  report: Report,
): readonly ComputeChoice[] {
  if (clouds.includes('COMMUNITY')) report('clouds', 'CPU pods are available in the secure cloud only.')
  if (minCudaVersion !== '' || allowedCudaVersions.length > 0)
    report('minCudaVersion', 'CPU pods have no CUDA version.')
  if (hasGlobalNetworking) report('hasGlobalNetworking', 'Global networking needs a pod with NVIDIA GPUs.')
  const flavor = cpus?.find(({ id }) => id === cpuFlavorId) ?? null
  if (cpuFlavorId === null || (cpus !== null && flavor === null)) {
    report('cpuFlavorId', cpuFlavorId === null ? 'Choose a CPU.' : `There is no CPU ${cpuFlavorId}.`)
    return []
  }
  const { min, max } = flavor?.vcpuRange ?? { min: 2, max: 512 }
  const isPowerOfTwo = Number.isInteger(vcpuCount) && vcpuCount >= 2 && Number.isInteger(Math.log2(vcpuCount))
  if (!isPowerOfTwo || vcpuCount < min || vcpuCount > max)
    report('vcpuCount', `The number of vCPUs must be a power of two from ${Math.max(2, min)} to ${max}.`)
  const label = `${vcpuCount} vCPU ${flavor?.name ?? cpuFlavorId}`
  return [{ label, compute: { kind: 'cpu', flavorId: cpuFlavorId, vcpuCount }, clouds: ['SECURE'] }]
}

function gpuChoices(
  form: PodForm,
  context: FormContext,
  { image, template }: Chosen,
  report: Report,
): readonly ComputeChoice[] {
  const { gpuTypeIds, gpuCount: count } = form
  if (gpuTypeIds.length === 0) report('gpuTypeIds', 'Choose at least one GPU type.')
  if (!Number.isInteger(count) || count < 1) report('gpuCount', 'Enter a number of GPUs, at least 1.')
  if (template?.isForCpu === true) report('templateId', `${template.name} is a template for CPU pods.`)
  const cuda = cudaOf(form, report)
  return [...new Set(gpuTypeIds)].flatMap((typeId) => {
    const offers = form.clouds.map((cloud) => ({
      cloud,
      offer: context.gpus[cloud]?.find(({ id }) => id === typeId) ?? null,
    }))
    const known = offers.find(({ offer }) => offer !== null)?.offer ?? null
    const isCatalogKnown = form.clouds.every((cloud) => context.gpus[cloud] !== null)
    const label = known?.name ?? typeId
    if (known === null && isCatalogKnown) {
      report('gpuTypeIds', `There is no GPU type ${typeId}.`)
      return []
    }
    const clouds = offers.filter(({ cloud, offer }) => offer === null || isOffered(offer, cloud, count))
    if (clouds.length === 0 && known !== null) report('gpuCount', countText(known, form.clouds, label))
    if (
      count > 1 &&
      isHubifyImage(image || (template?.image ?? '')) &&
      !multiGpuTypes.some((type) => isGpuOfType(label, type))
    )
      report('gpuCount', `This image supports several GPUs on H100 and A100 only, not on ${label}.`)
    if (form.hasGlobalNetworking && known?.manufacturer != null && known.manufacturer !== 'NVIDIA')
      report('hasGlobalNetworking', 'Global networking needs a pod with NVIDIA GPUs.')
    return [
      {
        label: count === 1 ? label : `${count} × ${label}`,
        compute: { kind: 'gpu', typeId, count, ...cuda },
        clouds: clouds.map(({ cloud }) => cloud),
      },
    ]
  })
}

const isOffered = (offer: GpuOffer, cloud: CloudTier, count: number): boolean =>
  offer.maxCount[cloud] >= count

function countText({ maxCount }: GpuOffer, clouds: readonly CloudTier[], label: string): string {
  const max = Math.max(0, ...clouds.map((cloud) => maxCount[cloud]))
  return max === 0 ? `${label} isn’t available there.` : `A pod can have at most ${max} ${label} there.`
}

/** Images of Hubify are made for what its documents allow. */
const isHubifyImage = (image: string): boolean => /^(docker\.io\/)?hubify\//i.test(image)

function cudaOf(
  { allowedCudaVersions, minCudaVersion }: PodForm,
  report: Report,
): Pick<Extract<PodCompute, { kind: 'gpu' }>, 'allowedCudaVersions' | 'minCudaVersion'> {
  const min = minCudaVersion.trim()
  if (allowedCudaVersions.some((version) => !isVersion(version)))
    report('allowedCudaVersions', 'Enter a CUDA version such as 12.8.')
  if (min !== '' && !isVersion(min)) report('minCudaVersion', 'Enter a CUDA version such as 12.8.')
  else if (min !== '' && allowedCudaVersions.length > 0)
    report('minCudaVersion', 'Enter either CUDA versions or a minimum version, not both.')
  return { allowedCudaVersions, minCudaVersion: min === '' ? null : min }
}

const isVersion = (text: string): boolean => /^\d+\.\d+$/.test(text)
