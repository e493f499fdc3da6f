/** WebGL on a CPU is slower than the DOM renderer: docs/quality.md#43-rendering */
const SOFTWARE_RENDERERS =
  /swiftshader|llvmpipe|softpipe|lavapipe|software|basic render|microsoft basic|virgl|\bswr\b|mesa offscreen/i

/** Whether `renderer`, as reported by WebGL, is a GPU. An unknown renderer counts as software. */
export function isHardwareRenderer(renderer: string | null): boolean {
  return renderer !== null && renderer.trim() !== '' && !SOFTWARE_RENDERERS.test(renderer)
}

/** Name of the WebGL renderer; null when WebGL is unavailable or doesn't tell. */
export function glRenderer(page: Document = document): string | null {
  const gl = page.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true })
  if (gl === null) return null
  const debugInfo = gl.getExtension('WEBGL_debug_renderer_info')
  const renderer: unknown = debugInfo === null ? null : gl.getParameter(debugInfo.UNMASKED_RENDERER_WEBGL)
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return typeof renderer === 'string' ? renderer : null
}
