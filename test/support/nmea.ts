/** A sentence with its checksum: `GPVTG,…` to `$GPVTG,…*hh`. */
export function sentence(text: string): string {
  const sum = [...Buffer.from(text)].reduce((all, byte) => all ^ byte, 0)
  return `$${text}*${sum.toString(16).toUpperCase().padStart(2, '0')}`
}

const gga = (time: string): string => `GPGGA,${time},4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,`
const rmc = (time: string, date: string): string => `GPRMC,${time},A,4807.038,N,01131.000,E,022.4,084.4,${date},003.1,W`

/** What a receiver sends each second at a place near Munich: `hhmmss` and `ddmmyy`. */
export function burst(time: string, date: string): string {
  return [gga(time), rmc(time, date), 'GPVTG,084.4,T,087.5,M,022.4,N,041.5,K']
    .map((text) => `${sentence(text)}\r\n`)
    .join('')
}
