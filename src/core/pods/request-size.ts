import { formatNumber } from '../base/text/format'
import { byteLength } from '../base/text/byte-length'

/** Runpod accepts no longer body of a request, bytes. */
const MAX_REQUEST_BYTES = 102_400

/** Why a request with this in its body would be refused, as a sentence; null if it is short enough. */
export function requestSizeProblem(body: unknown): string | null {
  const bytes = byteLength(JSON.stringify(body))
  return bytes <= MAX_REQUEST_BYTES
    ? null
    : `Arguments and variables make the request ${formatNumber(bytes)} bytes long, and Runpod accepts ${formatNumber(MAX_REQUEST_BYTES)} at most. Shorten them.`
}
