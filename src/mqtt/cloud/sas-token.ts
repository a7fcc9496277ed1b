import { createHmac } from 'node:crypto'

/**
 * A shared access signature for a resource such as `HUB/devices/DEVICE` ("Control access to IoT Hub with shared access signatures",
 * section "SAS token structure"). `expiresAt` is in seconds since 1970.
 */
export function sasToken(resource: string, keyBase64: string, expiresAt: number): string {
  const sr = encodeURIComponent(resource)
  const signature = createHmac('sha256', Buffer.from(keyBase64, 'base64'))
    .update(`${sr}\n${expiresAt}`)
    .digest('base64')
  return `SharedAccessSignature sr=${sr}&sig=${encodeURIComponent(signature)}&se=${expiresAt}`
}
