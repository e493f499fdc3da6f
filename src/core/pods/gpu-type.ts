/**
 * Whether a GPU is of this type, however its name goes on: "H200 SXM" is an "H200", a "GH200" is not, and an "A100" is
 * no "A10".
 */
export function isGpuOfType(gpuName: string, type: string): boolean {
  const [name, prefix] = [gpuName.trim().toUpperCase(), type.trim().toUpperCase()]
  return prefix !== '' && name.startsWith(prefix) && !/^[A-Z0-9]/.test(name.slice(prefix.length))
}
