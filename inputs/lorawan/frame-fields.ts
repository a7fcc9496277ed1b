import type { EventRecord } from 'sluice/plugin'
import type { DataFrame, PhyPayload } from './phy-payload.js'

/** What a frame says in the clear, but for its payload. */
export function frameFields(frame: PhyPayload): EventRecord {
  const { message } = frame
  if (frame.kind === 'other') return { message }
  if (frame.kind === 'data') return { message, ...dataFields(frame) }
  return { message, join_eui: frame.joinEui, dev_eui: frame.devEui, dev_nonce: frame.devNonce }
}

/** FCtrl: ADR, ADRACKReq and ACK from the highest bit on, FPending of downlinks (LoRaWAN 1.0.4, section 4.3.1). */
function dataFields({ devAddr, control, counter, options, port, isUplink }: DataFrame): EventRecord {
  const adr = (control & 0x80) !== 0
  const ack = (control & 0x20) !== 0
  return {
    dev_addr: devAddr,
    f_cnt: counter,
    ...(port === undefined ? {} : { f_port: port }),
    adr,
    ack,
    ...(isUplink ? { adr_ack_req: (control & 0x40) !== 0 } : { f_pending: (control & 0x10) !== 0 }),
    ...(options.length > 0 ? { f_opts: options.toString('hex') } : {}),
  }
}
