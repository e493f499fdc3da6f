/*
 * A page may load and run only its own files. The policy is sent with every page and also written into it by
 * the build, so that losing one of them has no effect.
 */
const DIRECTIVES: readonly (readonly [name: string, value: string])[] = [
  ['default-src', "'none'"],
  ['script-src', "'self'"],
  ['style-src', "'self'"],
  ['style-src-attr', "'none'"],
  ['font-src', "'self'"],
  ['img-src', "'self'"],
  // Pages communicate with main through the bridge only.
  ['connect-src', "'none'"],
  ['frame-src', "'none'"],
  ['worker-src', "'none'"],
  ['object-src', "'none'"],
  ['base-uri', "'none'"],
  ['form-action', "'none'"],
  ['require-trusted-types-for', "'script'"],
  // No policy may be created either, because nothing here turns text into markup or code.
  ['trusted-types', "'none'"],
  ['frame-ancestors', "'none'"],
]

/** Browsers ignore this directive in a page and log a warning. */
const HEADER_ONLY = ['frame-ancestors']

const joinDirectives = (directives: typeof DIRECTIVES): string =>
  directives.map((parts) => parts.join(' ')).join('; ')

/** For the response header. */
export const headerPolicy = joinDirectives(DIRECTIVES)

/** For the meta element of a page. */
export const pagePolicy = joinDirectives(DIRECTIVES.filter(([name]) => !HEADER_ONLY.includes(name)))
