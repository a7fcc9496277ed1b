"""Modbus devices of pymodbus: one port each for the frames of TCP, RTU and ASCII, told on standard output as JSON."""
import asyncio
import json
import struct

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer
from pymodbus.transaction import ModbusAsciiFramer, ModbusRtuFramer, ModbusSocketFramer

FRAMERS = {'tcp': ModbusSocketFramer, 'rtu': ModbusRtuFramer, 'ascii': ModbusAsciiFramer}

# How the registers of a value are made of its bytes, highest first.
ORDERS = {
    'be': lambda words: words,
    'le': lambda words: [word[::-1] for word in words[::-1]],
    'badc': lambda words: [word[::-1] for word in words],
    'cdab': lambda words: words[::-1],
}

VALUES = [('>I', 3000000000), ('>i', -123456789), ('>f', 230.5), ('>Q', 9007199254740991), ('>q', -5), ('>d', -0.125)]


def registers(order, form, value):
    packed = struct.pack(form, value)
    words = [packed[at:at + 2] for at in range(0, len(packed), 2)]
    return [int.from_bytes(word, 'big') for word in ORDERS[order](words)]


def numbers():
    """All values in each order: 18 registers an order, from 0 on."""
    return [word for order in ORDERS for form, value in VALUES for word in registers(order, form, value)] + [0] * 128


def device(first):
    """Input registers count from `first` on; 200 registers, more are an exception."""
    block = ModbusSequentialDataBlock
    bits = [at % 3 == 0 for at in range(100)]
    text = [int.from_bytes(word, 'big') for word in (b'Sl', b'ui', b'ce', b' 1')]
    inputs = [first + at for at in range(190)] + text + [0xFFFF, 0x8001] + [0] * 4
    return ModbusSlaveContext(di=block(0, bits), co=block(0, bits[::-1]), hr=block(0, numbers()), ir=block(0, inputs), zero_mode=True)


async def main():
    context = ModbusServerContext(slaves={1: device(0), 2: device(1000), 17: device(5000)}, single=False)
    ports = {}
    for name, framer in FRAMERS.items():
        server = await StartAsyncTcpServer(
            context, address=('127.0.0.1', 0), framer=framer, defer_start=True, ignore_missing_slaves=True
        )
        asyncio.create_task(server.serve_forever())
        await server.serving
        ports[name] = server.server.sockets[0].getsockname()[1]
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
