/*
 * Tells the kernel of the guest of a GPIO chip that is not there: registers in memory, an interrupt line, and names of lines. What
 * stands in for it is qemu's pc-testdev: see bench-chip.ts. `iasl gpio-chip.asl`, of the Debian package acpica-tools, makes the table
 * that qemu gives the guest.
 */
DefinitionBlock ("", "SSDT", 2, "SLUICE", "GPIOCHIP", 1)
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
    }
}
