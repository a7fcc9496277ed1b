/*
 * Tells the kernel of the guest of devices that are not there: a GPIO chip, which is registers in memory and an interrupt line; and a
 * light sensor, whose value is a word in memory, and which has a new one whenever the temperature of the thermal zone is asked for. What
 * stands in for the registers is qemu's pc-testdev. `iasl bench.asl`, of the Debian package acpica-tools, makes the table that qemu gives
 * the guest.
 */
DefinitionBlock ("", "SSDT", 2, "SLUICE", "BENCH", 1)
{
    Scope (\_SB)
    {
        Device (GPIO)
        {
            Name (_HID, "AMDI0030")
            Name (_CRS, ResourceTemplate ()
            {
                Memory32Fixed (ReadWrite, 0xFF000000, 0x400)
                Interrupt (ResourceConsumer, Edge, ActiveHigh, Exclusive) { 5 }
            })
            Name (_DSD, Package ()
            {
                ToUUID ("daffd814-6eba-4d8c-8a91-bc9bbf4aa301"),
                Package ()
                {
                    Package () { "gpio-line-names", Package () { "flow", "door", "", "heater" } }
                }
            })
        }

        Device (ALSD)
        {
            Name (_HID, "ACPI0008")
            OperationRegion (REGS, SystemMemory, 0xFF000800, 4)
            Field (REGS, DWordAcc, NoLock, Preserve)
            {
                LUX, 32
            }
            Method (_ALI)
            {
                Return (LUX)
            }
        }

        ThermalZone (TZ)
        {
            Name (_CRT, 4000)
            Method (_TMP)
            {
                Notify (\_SB.ALSD, 0x80)
                Return (3000)
            }
        }
    }
}
