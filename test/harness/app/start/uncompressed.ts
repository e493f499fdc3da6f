import http from 'node:http'

/*
 * Playwright asks Chromium to compress what they say to each other, which only costs processor time on the same
 * computer. With this file it doesn't.
 */

const request = http.request

http.request = ((...args: [http.RequestOptions]) => {
  const headers = args[0].headers as http.OutgoingHttpHeaders | undefined
  if (headers?.['Upgrade'] === 'websocket') delete headers['Sec-WebSocket-Extensions']
  return request(...args)
}) as typeof http.request
