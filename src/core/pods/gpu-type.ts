/** What services put before the type, or leave out: "NVIDIA GeForce RTX 4090" is an "RTX 4090". */
const MAKERS = /^(?:(?:NVIDIA|AMD|INTEL|GEFORCE|QUADRO|TESLA|INSTINCT)\s+)+/

/**
 * Whether a GPU is of this type, however its name goes on: "H200 SXM" is an "H200", a "GH200" is not, and an "A100" is
 * no "A10".
 */
export function isGpuOfType(gpuName: string, type: string): boolean {
  const [name, prefix] = [gpuName.trim().toUpperCase(), type.trim().toUpperCase()]
  return startsWithType(name, prefix) || startsWithType(name.replace(MAKERS, ''), prefix.replace(MAKERS, ''))
}

const startsWithType = (name: string, type: string): boolean =>
  type !== '' && name.startsWith(type) && !/^[A-Z0-9]/.test(name.slice(type.length))
