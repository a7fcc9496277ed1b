/** What an unquoted scalar means by the core schema of YAML 1.2.2, section 10.3.2. Whole numbers beyond 2^53 become bigints. */
export function coreScalar(text: string): null | boolean | number | bigint | string {
  if (/^(~|null|Null|NULL)?$/.test(text)) return null
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (/^[-+]?\d+$/.test(text)) return wholeNumber(text)
  if (/^0o[0-7]+$|^0x[\da-fA-F]+$/.test(text)) return Number(text)
  if (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(text)) return Number(text)
  if (/^[-+]?\.(inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return /^\.(nan|NaN|NAN)$/.test(text) ? Number.NaN : text
}

function wholeNumber(text: string): number | bigint {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : BigInt(text.replace('+', ''))
}
