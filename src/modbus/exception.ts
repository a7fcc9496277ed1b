/** Exception codes (Modbus Application Protocol V1.1b3, section 7). */
const names: { readonly [code: number]: string } = {
  0x01: 'illegal_function',
  0x02: 'illegal_data_address',
  0x03: 'illegal_data_value',
  0x04: 'server_device_failure',
  0x05: 'acknowledge',
  0x06: 'server_device_busy',
  0x08: 'memory_parity_error',
  0x0a: 'gateway_path_unavailable',
  0x0b: 'gateway_target_failed_to_respond',
}

/** The name of an exception code, or `exception_` and the code. */
export function exceptionName(code: number): string {
  return names[code] ?? `exception_${code}`
}

/** A gateway says of a device that it cannot be had: the same as silence on a line without one. */
export function isUnreachable(code: number): boolean {
  return code === 0x0a || code === 0x0b
}
