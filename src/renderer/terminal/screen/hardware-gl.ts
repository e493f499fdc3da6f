/** Drawing with WebGL on a CPU is slower than drawing in the DOM: docs/quality.md#43-rendering */
const SOFTWARE =
  /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render|microsoft basic|virgl|\bswr\b|mesa offscreen/i

/** Whether `renderer`, as WebGL names what draws, is a GPU. Nothing known is none. */
export function isHardwareRenderer(renderer: string | null): boolean {
  return renderer !== null && renderer.trim() !== '' && !SOFTWARE.test(renderer)
}

/** What draws for WebGL here; null: nothing does, or it does not say. */
export function glRenderer(page: Document = document): string | null {
  const gl = page.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  if (gl === null) return null
  const names = gl.getExtension('WEBGL_debug_renderer_info')
  const renderer: unknown = names === null ? null : gl.getParameter(names.UNMASKED_RENDERER_WEBGL)
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return typeof renderer === 'string' ? renderer : null
}
