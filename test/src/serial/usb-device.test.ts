import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync } from 'node:fs'
import { describe, it, type TestContext } from 'node:test'
import { devicePath } from '../../../src/serial/device-path.js'
import { serialSettings } from '../../support/serial-line.js'
import { Tree } from '../../support/tree.js'

/** As the kernel shows an FTDI adapter with four lines, an Arduino, and a port of the board, which has no USB. */
function sysfs(t: TestContext): string {
  const tree = new Tree(t)
  const ftdi = 'devices/pci0/usb1/1-2'
  const arduino = 'devices/pci0/usb1/1-3'
  tree.write(`${ftdi}/idVendor`, '0403\n')
  tree.write(`${ftdi}/idProduct`, '6011\n')
  tree.write(`${arduino}/idVendor`, '2341\n')
  tree.write(`${arduino}/idProduct`, '004E\n'.toLowerCase())
  tree.write(`${arduino}/serial`, 'A50285BI\n')
  for (const number of [0, 1]) {
    tree.write(`${ftdi}/1-2:1.${number}/bInterfaceNumber`, `0${number}\n`)
    line(tree, `ttyUSB${number}`, `${ftdi}/1-2:1.${number}/ttyUSB${number}`)
  }
  tree.write(`${arduino}/1-3:1.0/bInterfaceNumber`, '00\n')
  line(tree, 'ttyACM0', `${arduino}/1-3:1.0`)
  line(tree, 'ttyS0', 'devices/platform/serial8250')
  tree.write('class/tty/console/dev', '5:1\n')
  return tree.root
}

function line(tree: Tree, name: string, device: string): void {
  mkdirSync(tree.path(device), { recursive: true })
  mkdirSync(tree.path(`class/tty/${name}`), { recursive: true })
  symlinkSync(tree.path(device), tree.path(`class/tty/${name}/device`))
}

describe('the device of a serial line', () => {
  const found: readonly [string, { readonly [option: string]: unknown }, string][] = [
    ['its path', { path: '/dev/serial/by-id/x' }, '/dev/serial/by-id/x'],
    ['vendor and product', { usb_vendor: '2341', usb_product: '004E' }, '/dev/ttyACM0'],
    ['serial number alone', { usb_serial: 'A50285BI' }, '/dev/ttyACM0'],
    ['one of several lines', { usb_vendor: '0403', usb_interface: 1 }, '/dev/ttyUSB1'],
  ]
  for (const [what, raw, path] of found)
    it(`is known by ${what}`, (t) => {
      assert.equal(devicePath(serialSettings(raw), { dev: '/dev', sysfs: sysfs(t) }), path)
    })

  const refused: readonly [string, { readonly [option: string]: unknown }, RegExp][] = [
    ['no adapter fits', { usb_vendor: '1a86', usb_product: '7523' }, /no USB adapter with vendor 1a86, product 7523/],
    ['several lines fit', { usb_vendor: '0403' }, /several lines have vendor 0403, such as ttyUSB0 and ttyUSB1/],
    ['nothing is said', {}, /expected a device/],
  ]
  for (const [what, raw, expected] of refused)
    it(`is none where ${what}`, (t) => {
      assert.throws(() => devicePath(serialSettings(raw), { dev: '/dev', sysfs: sysfs(t) }), expected)
    })

  it('is none where the kernel shows no lines at all', (t) => {
    const roots = { dev: '/dev', sysfs: new Tree(t).root }
    assert.throws(() => devicePath(serialSettings({ usb_vendor: '0403' }), roots), { code: 'SERIAL_ABSENT' })
  })
})
