import type { ExportedJob } from './task-file'

/** How an engine names GPUs: "H100-SXM", "H100NVL". */
export type GpuNaming = 'skypilot' | 'dstack'

/** Of names whose parts say too little or too much. By Runpod's id of the GPU type, without its vendor. */
const special: Readonly<Record<GpuNaming, readonly (readonly [RegExp, string])[]>> = {
  skypilot: [
    [/^H100 80GB HBM3$|^H100 SXM/, 'H100-SXM'],
    [/^H100 NVL/, 'H100-NVL'],
    [/^H100 PCIe/, 'H100'],
    [/^H200/, 'H200-SXM'],
    [/^A100-?\s?SXM/, 'A100-80GB-SXM'],
    [/^A100/, 'A100-80GB'],
    [/^Instinct (MI300X)|^MI300X/, 'MI300X'],
  ],
  dstack: [
    [/^H100 NVL/, 'H100NVL'],
    [/^H100/, 'H100'],
    [/^H200/, 'H200'],
    [/^A100/, 'A100'],
    [/^Instinct (MI300X)|^MI300X/, 'MI300X'],
    [/^(?:RTX )?A(4000|4500|5000|6000)$/, 'A$1'],
  ],
}

/** "RTX4090" of "NVIDIA GeForce RTX 4090", "RTX6000-Ada" of "NVIDIA RTX 6000 Ada Generation". */
export function engineGpuName(runpodName: string, naming: GpuNaming): string {
  const name = runpodName
    .replace(/^(NVIDIA|AMD|Tesla)\s+/i, '')
    .replace(/^GeForce\s+/i, '')
    .trim()
  for (const [pattern, known] of special[naming]) {
    const found = pattern.exec(name)
    if (found !== null) return known.replace('$1', found[1] ?? '')
  }
  const ada = /^RTX (\d{4}) (SFF )?Ada/i.exec(name)
  if (ada !== null)
    return naming === 'skypilot' ? `RTX${ada[1]}-Ada${ada[2] ? '-SFF' : ''}` : `RTX${ada[1]}Ada`
  const words = name.split(/\s+/)
  if (words.length > 1 && /^(?:Generation|PCIe)$/i.test(words.at(-1) ?? '')) words.pop()
  return words.join('')
}

/** What "H100" means where nothing else is said: every kind of it that Runpod has. */
const engineGpuNames = (type: string, naming: GpuNaming): readonly string[] => {
  if (!/^H100$/i.test(type.trim())) return [engineGpuName(type, naming)]
  return naming === 'skypilot' ? ['H100-SXM', 'H100', 'H100-NVL'] : ['H100', 'H100NVL']
}

/** How many GPUs the job takes, and their types in order; no types: any would do. */
export function gpusOf(
  { spec: { needs }, pod }: ExportedJob,
  naming: GpuNaming,
): { readonly gpuCount: number; readonly types: readonly string[] } {
  const gpuCount = pod === null ? needs.gpuCount : Math.max(pod.gpuCount, needs.gpuCount)
  if (pod !== null && pod.gpuTypeIds.length > 0)
    return { gpuCount, types: [...new Set(pod.gpuTypeIds.map((id) => engineGpuName(id, naming)))] }
  return { gpuCount, types: needs.gpuType === null ? [] : engineGpuNames(needs.gpuType, naming) }
}
